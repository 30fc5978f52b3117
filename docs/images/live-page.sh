#!/usr/bin/env bash
# Makes docs/images/live-page.png anew: the live page of a quick demo, near the end of its run.
# Needs Chromium on the PATH. The page takes the font Inter where it is installed (Debian, Ubuntu:
# fonts-inter). An argument names the colour scheme, light or dark.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

mvn -B -q test-compile
demo_log=$(mktemp)
./tributary demo --quick --port 0 >"$demo_log" &
demo=$!
trap 'kill "$demo" 2>/dev/null; rm -f "$demo_log"' EXIT

until url=$(sed -n 's/^live page: //p' "$demo_log") && [[ -n $url ]]; do
  kill -0 "$demo" || exit 1
  sleep 1
done
# What the demo runs from is built already.
mvn -B -q -Dmaven.main.skip=true -pl coordinator -am test \
  -Dtest=LivePagePicture -Dsurefire.failIfNoSpecifiedTests=false \
  -Dpicture.url="$url" -Dpicture.scheme="${1:-light}" -Dpicture.file="$PWD/docs/images/live-page.png"
ls -l docs/images/live-page.png
