#!/usr/bin/env bash
# The drawing of a bench's figures: one bar for each way to get in, beside what it is compared to.
#   tests/bench/draw.sh RESULTS >FILE.svg      RESULTS: name=value lines of tests/bench/run.sh
set -u
awk -F= '
  { value[$1] = $2 }
  function bar(label, name, colour) { n++; labels[n] = label; p50[n] = value[name "_p50"]; p99[n] = value[name "_p99"]; colours[n] = colour }
  function ms(us) { return us < 995 ? sprintf("%.2f ms", us / 1000) : sprintf("%.1f ms", us / 1000) }
  # logarithmic: what is compared differs by a factor of a thousand
  function wide(us) { return 420 * log(us / 10) / log(10000) }
  END {
    bar("two echoes over such a socket", "floor_two", "#8b949e")
    bar("pam_permit", "permit", "#8b949e")
    bar("one commit to this disk", "commit", "#8b949e")
    bar("sudo, by the session", "session", "#2f81f7")
    bar("login, short token", "short", "#2f81f7")
    bar("the exchange alone, by libcurl", "exchange", "#8b949e")
    bar("login, long token", "long", "#2f81f7")
    bar("login, code", "code", "#2f81f7")
    bar("pam_unix (a password, yescrypt)", "unix", "#8b949e")
    bar("login, long token, 40 ms away", "far", "#2f81f7")
    height = 64 + n * 26
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 %d\" font-family=\"sans-serif\" font-size=\"13\">\n", height
    print "<title>What a login costs</title>"
    printf "<rect width=\"760\" height=\"%d\" rx=\"8\" fill=\"#f6f8fa\"/>\n", height
    print "<text x=\"16\" y=\"24\" font-weight=\"bold\">From pam_start to pam_end: median, and the slowest of a hundred (line)</text>"
    for (us = 10; us <= 100000; us *= 10) {
      x = 230 + wide(us)
      printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"36\" y2=\"%d\" stroke=\"#d0d7de\"/>\n", x, x, height - 24
      printf "<text x=\"%.1f\" y=\"%d\" fill=\"#57606a\" font-size=\"11\" text-anchor=\"middle\">%s ms</text>\n", x, height - 10, us / 1000
    }
    for (i = 1; i <= n; i++) {
      y = 42 + (i - 1) * 26
      printf "<text x=\"222\" y=\"%d\" text-anchor=\"end\">%s</text>\n", y + 13, labels[i]
      printf "<rect x=\"230\" y=\"%d\" width=\"%.1f\" height=\"16\" rx=\"2\" fill=\"%s\"/>\n", y, wide(p50[i]), colours[i]
      printf "<line x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\" stroke=\"%s\" stroke-width=\"2\"/>\n", 230 + wide(p50[i]), 230 + wide(p99[i]), y + 8, y + 8, colours[i]
      printf "<text x=\"%.1f\" y=\"%d\">%s</text>\n", 236 + wide(p99[i]), y + 13, ms(p50[i])
    }
    print "</svg>"
  }' "${1:?results}"
