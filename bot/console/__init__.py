"""What protection officers use: pages, routes, sign-in.  Nothing here can open a report; the browser does."""
