# syntax=docker/dockerfile:1
#
#   docker build --tag stratlint .
#   docker run --rm stratlint                                          the documents of fixtures/, most of them wrong on purpose
#   docker run --rm --volume "$PWD:/documents:ro" stratlint check .    your own
FROM python:3.13-slim AS build
WORKDIR /stratlint
COPY . .
# The README's first command, word for word: there is an image only of a checkout in which it works.
RUN python3 -m venv .venv && .venv/bin/pip install --quiet . && .venv/bin/stratlint check fixtures --exit-zero

FROM python:3.13-slim
# Where it was made: the scripts of a virtual environment name their interpreter by its whole path.
COPY --from=build /stratlint/.venv /stratlint/.venv
ENV PATH=/stratlint/.venv/bin:$PATH
WORKDIR /documents
COPY fixtures fixtures
USER nobody
ENTRYPOINT ["stratlint"]
CMD ["check", "fixtures", "--exit-zero"]
