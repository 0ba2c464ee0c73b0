# The page is built first, then the wheel, and only that goes into the image that runs.
FROM node:20-bookworm-slim AS page
WORKDIR /src/web
COPY web/package.json web/package-lock.json web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY web ./
COPY src/stripchart /src/src/stripchart
RUN npm run build

FROM python:3.11-slim-bookworm AS wheel
WORKDIR /src
RUN pip install --no-cache-dir "hatchling>=1.27" "editables>=0.5"
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
COPY --from=page /src/src/stripchart/web_dist ./src/stripchart/web_dist
RUN pip wheel --no-deps --no-build-isolation --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
COPY requirements/runtime.txt /tmp/runtime.txt
RUN pip install --no-cache-dir --require-hashes -r /tmp/runtime.txt
COPY --from=wheel /wheels /wheels
RUN pip install --no-cache-dir --no-deps /wheels/*.whl && rm -r /wheels /tmp/runtime.txt \
    && useradd --system --uid 10001 --home-dir /data stripchart && install -d -o stripchart /data /data/profiles
USER stripchart
VOLUME /data
ENV STRIPCHART_DATA_DIR=/data STRIPCHART_HOST=0.0.0.0 STRIPCHART_PORT=8080
EXPOSE 8080
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "-c", \
    "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/api/health', timeout=4)"]
CMD ["stripchart", "serve"]
