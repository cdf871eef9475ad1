# Hamrah as a container: Debian, two stages, a fixed user without rights, nothing writable but /data.
#
#   docker build -t hamrah .
#   docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
#              --ulimit core=0 -v hamrah:/data -p 127.0.0.1:8080:8080 --env-file hamrah.env hamrah
#
# The steps are in deploy/build-image.sh, which the test suite runs in a clean folder.

FROM debian:bookworm-slim AS build
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 python3-venv \
 && rm -rf /var/lib/apt/lists/*
WORKDIR /source
COPY LICENSE README.md pyproject.toml requirements.lock requirements-build.lock ./
COPY LICENSES LICENSES
COPY bot bot
COPY storage storage
COPY locales locales
COPY deploy/build-image.sh deploy/build-image.sh
RUN deploy/build-image.sh /source /opt/hamrah

FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install --yes --no-install-recommends ca-certificates python3 tzdata \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --gid 10001 hamrah \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin hamrah \
 && install -d -o 10001 -g 10001 -m 0700 /data /line /notifier
COPY --from=build /opt/hamrah /opt/hamrah
COPY deploy/healthcheck.py /opt/healthcheck.py
ENV PATH=/opt/hamrah/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    HAMRAH_LISTEN=0.0.0.0:8080 \
    HAMRAH_DATA_DIR=/data \
    HAMRAH_KEYS_DIR=/data/keys
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 CMD ["python3", "/opt/healthcheck.py"]
ENTRYPOINT ["hamrah"]
CMD ["serve"]
