"""The web chat at `/`: everything the bot does, without Telegram, without cookies or storage."""
