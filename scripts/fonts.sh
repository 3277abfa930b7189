#!/bin/sh
# Puts the fonts that the notices need into assets/fonts/ (not kept in git).
#
# Does nothing when all seven files are already there, in GONGKAI_FONT_DIR or under /usr/share/fonts;
# otherwise takes them out of Debian packages: no root needed, nothing is installed on the system.
# With --here only assets/fonts counts, for images that take this folder along and nothing else.
#
#   file                       Debian package         used for
#   FandolFang-Regular.otf     texlive-lang-chinese   仿宋, body text
#   FandolKai-Regular.otf      texlive-lang-chinese   楷体, second-level headings
#   NotoSerifCJK-Regular.ttc   fonts-noto-cjk         宋体, page numbers; every character Fandol lacks
#   NotoSerifCJK-Bold.ttc      fonts-noto-cjk         titles and the red head (for 小标宋)
#   NotoSansCJK-Regular.ttc    fonts-noto-cjk         黑体, headings
#   LiberationSerif-Regular.ttf  fonts-liberation2    Western digits and letters
#   DejaVuSans.ttf             fonts-dejavu-core      tick boxes, which no Chinese font has
set -eu

cd "$(dirname "$0")/.."
target=assets/fonts
places="${GONGKAI_FONT_DIR:-}
$target
/usr/share/fonts"
if [ "${1:-}" = "--here" ]; then places=$target; fi
say() { printf 'fonts: %s\n' "$*" >&2; }

# Prints the path of a font file that is already on this machine, or nothing.
present() {
    printf '%s\n' "$places" | while read -r dir; do
        if [ -n "$dir" ] && [ -d "$dir" ]; then
            find -L "$dir" -type f -name "$1" 2>/dev/null
        fi
    done | head -n 1
}

missing() { # prints those of the named files that are nowhere yet
    for file in "$@"; do [ -n "$(present "$file")" ] || printf '%s ' "$file"; done
}

all="FandolFang-Regular.otf FandolKai-Regular.otf NotoSerifCJK-Regular.ttc
     NotoSerifCJK-Bold.ttc NotoSansCJK-Regular.ttc LiberationSerif-Regular.ttf DejaVuSans.ttf"
# shellcheck disable=SC2086  # the list is meant to be split
wanted=$(missing $all)
if [ -z "$wanted" ]; then exit 0; fi

by_hand() {
    say "$1"
    say "Missing: $wanted"
    say "Put these files (or the office's own 仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312) into"
    say "$PWD/$target, or name their folder in GONGKAI_FONT_DIR. DOCX output needs no fonts."
    exit 1
}
for tool in apt-get dpkg-deb tar; do
    command -v "$tool" >/dev/null 2>&1 || by_hand "$tool is not available, so nothing can be fetched."
done

mkdir -p "$target"
work=$(mktemp -d "$target/.fetch.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"

scratch=$(cd "$work" && pwd)

# The system's package lists serve when they are there; else private ones are fetched, which works
# for a plain user and in slim images that come without lists.
private=""
apt() { # shellcheck disable=SC2086
    apt-get $private -o Dir::Cache="$scratch/cache" -o APT::Sandbox::User="$(id -un)" -qq "$@"
}
know() { # can this package be downloaded with the lists at hand?
    # shellcheck disable=SC2086
    apt-cache $private policy "$1" 2>/dev/null | grep -q 'Candidate: [0-9]'
}
refresh() {
    private="-o Dir::State::Lists=$scratch/lists -o Dir::Cache=$scratch/cache"
    say "no package lists on this machine, fetching them"
    if ! apt update 2>"$scratch/log"; then
        cat "$scratch/log" >&2
        by_hand "apt-get update failed."
    fi
}

fetch() { # fetch PACKAGE FILE...: takes the still missing files out of the package
    package=$1
    shift
    files=$(missing "$@")
    if [ -z "$files" ]; then return 0; fi
    if ! know "$package" && [ -z "$private" ]; then refresh; fi
    know "$package" || return 1
    say "fetching $package for $files"
    (cd "$work" && apt download "$package") || return 1
    for file in $files; do
        dpkg-deb --fsys-tarfile "$work/$package"_*.deb |
            tar -x -C "$work" --wildcards --no-same-owner "*/$file" "*/$package/copyright" || true
        path=$(find "$work/usr" -type f -name "$file" | head -n 1)
        if [ -z "$path" ]; then return 1; fi
        find "$work/usr/share/doc" -name copyright -exec cp {} "$target/$package.copyright" \;
        chmod 644 "$path"
        mv "$path" "$target/$file" # same file system: other processes see all of it or nothing
    done
    rm -rf "${work:?}/usr" "$work/$package"_*.deb
}

fetch texlive-lang-chinese FandolFang-Regular.otf FandolKai-Regular.otf || true
fetch fonts-noto-cjk NotoSerifCJK-Regular.ttc NotoSerifCJK-Bold.ttc NotoSansCJK-Regular.ttc || true
fetch fonts-liberation2 LiberationSerif-Regular.ttf ||
    fetch fonts-liberation LiberationSerif-Regular.ttf || true
fetch fonts-dejavu-core DejaVuSans.ttf || true

# shellcheck disable=SC2086
wanted=$(missing $all)
if [ -n "$wanted" ]; then by_hand "Not every font could be fetched from the Debian packages."; fi
say "ready in $target"
