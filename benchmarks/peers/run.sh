#!/usr/bin/env bash
# Training steps of PyTorch, Opacus and Sotto on one thread of this machine, in one run. PyTorch and Opacus are installed into
# a virtual environment under benchmarks/target (several gigabytes), or taken from the one that PEERS_PYTHON names.
set -euo pipefail
cd "$(dirname "$0")/../.."

python=${PEERS_PYTHON:-benchmarks/target/peers/bin/python}
if [ ! -x "$python" ]; then
  python3 -m venv benchmarks/target/peers
  "$python" -m pip install -q torch opacus
fi
mvn -B -q -ntp -Plauncher -pl benchmarks -am package dependency:copy-dependencies -DincludeScope=runtime

"$python" benchmarks/peers/opacus_steps.py "$@"
# The flags of ./sotto.
java --add-modules jdk.incubator.vector -XX:+PreserveFramePointer -XX:+UseParallelGC -XX:+UseTransparentHugePages -cp 'benchmarks/target/classes:benchmarks/target/dependency/*' \
  dev.sotto.benchmarks.engine.StepTable
