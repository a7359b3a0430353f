#!/bin/bash
# A Ray cluster for `onrecord batch` under Slurm: sbatch batch-slurm.sh. Run out of time, submit it again: it goes on.
#SBATCH --job-name=onrecord-batch
#SBATCH --nodes=8
#SBATCH --ntasks-per-node=1
#SBATCH --cpus-per-task=16
#SBATCH --mem=24G
#SBATCH --time=24:00:00
set -eu
source "$HOME/onrecord-env/bin/activate" # pip install 'onrecord[batch]' ray; on a file system that all nodes see

head=$(scontrol show hostnames "$SLURM_JOB_NODELIST" | head -n 1)
address=$head:6379
srun --nodes=1 --ntasks=1 -w "$head" ray start --head --port=6379 --num-cpus="$SLURM_CPUS_PER_TASK" --block &
sleep 20
srun --nodes=$((SLURM_JOB_NUM_NODES - 1)) --ntasks=$((SLURM_JOB_NUM_NODES - 1)) --exclude="$head" \
  ray start --address="$address" --num-cpus="$SLURM_CPUS_PER_TASK" --block &
sleep 20

onrecord batch /scratch/crawl/2021-01/ -o /scratch/out/2021-01 --lang en --ray "$address"
