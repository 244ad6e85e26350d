# fanwire behind Varnish: polls are answered from the cache, and whatever stays open is passed on.
vcl 4.1;

backend fanwire {
  .host = "127.0.0.1";
  .port = "8080";
  # Longer than a parked long poll (55 s) and two heartbeats (25 s).
  .first_byte_timeout = 60s;
  .between_bytes_timeout = 60s;
}

sub vcl_recv {
  # In place of whatever the client says of itself; `trustProxy` makes fanwire believe it.
  # Where something ends TLS before Varnish, both are its to say, and these lines go.
  set req.http.X-Forwarded-For = client.ip;
  set req.http.X-Forwarded-Proto = "http";
  if (req.http.Upgrade ~ "(?i)websocket") {
    return (pipe);
  }
  # Of equal requests Varnish sends one on and lets the others wait for its answer. The answer to
  # a long poll comes with the next message, so they would be served one after another.
  if (req.http.Accept ~ "text/event-stream|application/x-ndjson" || req.http.Prefer ~ "wait"
      || req.url ~ "[?&]wait=") {
    return (pass);
  }
  # What is left is a poll, whose answer is the same whatever JSON is asked for by.
  if (req.url ~ "/channels/") {
    unset req.http.Accept;
    unset req.http.Prefer;
  }
}

sub vcl_pipe {
  # Varnish takes both away.
  if (req.http.Upgrade) {
    set bereq.http.Upgrade = req.http.Upgrade;
    set bereq.http.Connection = "upgrade";
  }
}
