# The image: what runs and nothing else, as a user that is not root, on a root file system that may be read-only.
#
#   docker build -t driftgauge:0.1.0 --build-arg REVISION="$(git rev-parse HEAD)" .
#   docker run -p 9822:9822 -v "$PWD/driftgauge.yaml:/etc/driftgauge/driftgauge.yaml:ro" driftgauge:0.1.0
#
# It writes to /var/lib/driftgauge only: mount a volume there, or what was asked before is forgotten with the container.

ARG BASE_IMAGE=docker.io/library/node:24-bookworm-slim
# Needs npm and a shell.
ARG BUILD_IMAGE=${BASE_IMAGE}
# Needs `node` on the PATH, of the same version as the build image's, or the compile cache is of no use.
ARG RUN_IMAGE=${BASE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
# Of the development tools only the compiler and its types are needed; the lock file still says which ones. The optional
# dependencies are Node itself, for machines with an older one.
RUN --mount=type=cache,target=/root/.npm node --eval ' \
      const { scripts: { build }, devDependencies, optionalDependencies, ...kept } = require("./package.json"); \
      const needed = Object.entries(devDependencies).filter(([name]) => /^typescript$|^@types\//.test(name)); \
      fs.writeFileSync("package.json", JSON.stringify({ ...kept, scripts: { build }, devDependencies: Object.fromEntries(needed) }));' \
    && npm install --ignore-scripts --no-audit --no-fund
COPY tsconfig*.json ./
COPY tools tools
COPY src src
# Types, maps, and the documents and tests of dependencies never run. A document with a copyright notice is a licence,
# whatever it is called, and has to come along.
RUN npm run build \
    && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
    && find dist node_modules -type f \( -name '*.ts' -o -name '*.mts' -o -name '*.cts' -o -name '*.map' \
         -o -name '*.test.*' -o -name '*.md' ! -exec grep -qi copyright {} \; \) -delete
# `gitHead` is what --version and driftgauge_build_info show; npm writes the same key when it publishes.
ARG REVISION=""
RUN node --eval ' \
      const { scripts, devDependencies, ...kept } = require("./package.json"); \
      const gitHead = process.env.REVISION || undefined; \
      fs.writeFileSync("package.json", `${JSON.stringify({ ...kept, gitHead }, null, 2)}\n`);'
# Node keeps a compile cache per user, in files that only that user may read; so this user fills it, and all may read it.
RUN mkdir /var/lib/driftgauge compile-cache && chown 10001:10001 /var/lib/driftgauge compile-cache
USER 10001:10001
RUN set -e; export NODE_COMPILE_CACHE=/app/compile-cache NODE_ENV=production; \
    node dist/cli.js run --storage.path=/tmp/data --web.listen-address=127.0.0.1:0 2>/tmp/log & \
    until grep -q ready /tmp/log; do kill -0 $! || { cat /tmp/log; exit 1; }; sleep 0.1; done; \
    kill $!; wait $!; chmod -R a+rX compile-cache

FROM ${RUN_IMAGE}
ARG VERSION=0.1.0
ARG REVISION=""
LABEL org.opencontainers.image.title="driftgauge" \
      org.opencontainers.image.description="Watches a model's metrics, judges drift, and asks for one retrain per drift episode." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production NODE_COMPILE_CACHE=/app/compile-cache
# What changes least comes first.
COPY --from=build --chown=0:0 /app/node_modules /app/node_modules
COPY LICENSE /app/
COPY config /app/config
COPY --from=build --chown=0:0 /app/package.json /app/package.json
COPY --from=build --chown=0:0 /app/dist /app/dist
COPY --from=build --chown=0:0 /app/compile-cache /app/compile-cache
COPY --from=build --chown=10001:10001 /var/lib/driftgauge /var/lib/driftgauge
# A driftgauge.yaml here is found without being named.
WORKDIR /etc/driftgauge
USER 10001:10001
EXPOSE 9822
ENTRYPOINT ["node", "/app/dist/cli.js"]
CMD ["run", "--storage.path=/var/lib/driftgauge"]
