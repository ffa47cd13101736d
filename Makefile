# SPDX-License-Identifier: Apache-2.0
# `make` lists the goals. A goal's help is the text behind its ##.

# Maven's output is for logs, not for terminals; -B also keeps it from asking questions.
MVN := mvn -B -Dgit.commit=$(shell git rev-parse --short HEAD 2>/dev/null || echo unknown)

.PHONY: help demo test test-sqlite fuzz chaos soak bench format docs package clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | while IFS="$$(printf '\t')" read -r goal text; do \
		printf 'make %-13s%s\n' "$$goal" "$$text"; done

demo: ## show the product: a balancer, simulated servers and people, in one process
	./plimsoll demo

test: ## everything CI runs; installs what the tests need and this machine lacks
	.ci/install
	$(MVN) verify

test-sqlite: ## the same without the second run of stores and scenarios, on PostgreSQL
	.ci/install
	$(MVN) verify -Dplimsoll.test.sqlite-only=true

fuzz: ## throw broken requests and broken answers of servers at a balancer; FUZZ_SEED=n repeats a run
	$(MVN) test -Dtest=FuzzRun -Dsurefire.failIfNoSpecifiedTests=true

chaos: ## 50 rounds of failing servers and kill -9 under load; CHAOS_ROUNDS=n, CHAOS_SEED=n repeats a run
	$(MVN) test -Dtest=ChaosRun -Dsurefire.failIfNoSpecifiedTests=true

soak: ## 100 rounds of kill -9 of one of two instances, 20 of PostgreSQL away; SOAK_ROUNDS=n, SOAK_OUTAGES=n, SOAK_SEED=n
	$(MVN) test -Dtest=SoakRun -Dsurefire.failIfNoSpecifiedTests=true

bench: ## measure; writes what it found to bench/
	@test -x bench/run || { echo 'make bench: bench/run is not there' >&2; exit 1; }
	bench/run

format: ## format all Java sources in place
	$(MVN) -q toolchains:select-jdk-toolchain@default dependency:copy@formatter exec:exec@run-make-format -Dformat.mode=apply

docs: ## write the pages of docs/reference/ that are made from the code
	.ci/docs

package: ## build target/plimsoll-VERSION.tar.gz: launcher, jar and libraries
	.ci/package

clean: ## remove everything built
	$(MVN) -q clean
