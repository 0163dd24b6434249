# The sandbox alone: it needs only the standard library.
#   docker build --tag vocobase-sandbox . && docker run --rm --publish 127.0.0.1:8484:8484 vocobase-sandbox
FROM python:3.13-slim
WORKDIR /sandbox
COPY openapi.json LICENSE ./
COPY vocobase_sandbox ./vocobase_sandbox
RUN python -m compileall -q vocobase_sandbox
# Nothing is written but the file of --state. It belongs on a volume at /state, which takes its owner from this folder.
RUN install --directory --owner=65534 --group=65534 /state
USER 65534:65534
EXPOSE 8484
# Another port of --port needs another check.
HEALTHCHECK --interval=2s --timeout=2s --retries=15 \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8484/_sandbox/state', timeout=2)"]
# Inside a container, only the container itself is on 127.0.0.1.
ENTRYPOINT ["python", "-m", "vocobase_sandbox", "--host", "0.0.0.0"]
