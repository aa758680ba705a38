# The static program in an otherwise empty image: `docker build --tag openclaw-lint .`
# docs/install.md says how to run it; tests/container.rs holds this file to the project.

FROM rust:1.95.0-alpine AS build
WORKDIR /src
COPY Cargo.toml Cargo.lock build.rs ./
COPY build build
COPY rules rules
COPY schemas schemas
COPY src src
COPY examples examples
COPY xtask xtask
COPY README.md README.zh-CN.md CHANGELOG.md LICENSE-APACHE LICENSE-MIT ./
# Alpine's own target is musl: the program needs no library. `dist` adds the licences of what is in it.
RUN --mount=type=cache,target=/usr/local/cargo/registry --mount=type=cache,target=/src/target \
    cargo rustc --release --locked --bin openclaw-lint -- -C relocation-model=static \
    && cargo run --locked --package xtask --bin xtask -- dist --out /dist \
    && mkdir /out \
    && tar -xzf /dist/openclaw-lint-v*.tar.gz --strip-components=1 -C /out

FROM scratch
COPY --from=build /out/openclaw-lint /openclaw-lint
COPY --from=build /out/LICENSE-APACHE /out/LICENSE-MIT /out/THIRD-PARTY-LICENSES.txt /licenses/
# Nobody: a container that only reads needs no rights.
USER 65534:65534
WORKDIR /work
ENTRYPOINT ["/openclaw-lint"]
CMD ["check"]
