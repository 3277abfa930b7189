# The program with everything it needs at run time: no compiler, no root, fonts inside.
#   docker build -t gongkai .
ARG RUST=1.95

FROM rust:${RUST}-bookworm AS build
WORKDIR /src
COPY . .
# pg-tls builds OpenSSL from source for libpq: perl and make are part of this image.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo build --release --locked --features pg-tls \
    && install -D target/release/gongkai /out/gongkai

FROM debian:bookworm-slim AS fonts
WORKDIR /src
COPY scripts/fonts.sh scripts/
RUN apt-get update && scripts/fonts.sh

FROM debian:bookworm-slim
RUN apt-get update \
    && apt-get install -y --no-install-recommends ca-certificates curl \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --user-group --no-create-home --home-dir /var/lib/gongkai gongkai \
    && install -d -o gongkai -g gongkai -m 0700 /var/lib/gongkai
COPY --from=fonts /src/assets/fonts /usr/share/fonts/gongkai
COPY --from=build /out/gongkai /usr/local/bin/gongkai
COPY LICENSE-MIT LICENSE-APACHE /usr/share/doc/gongkai/

USER gongkai
WORKDIR /var/lib/gongkai
ENV GONGKAI_LISTEN=0.0.0.0:8080 \
    GONGKAI_DATA_DIR=/var/lib/gongkai
VOLUME /var/lib/gongkai
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["curl", "--fail", "--silent", "--show-error", "--output", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["gongkai"]
CMD ["serve"]
