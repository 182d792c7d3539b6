# A repository with some history: clone, log, gc with two threads, fsck, blame, grep.
program git git

export GIT_CONFIG_NOSYSTEM=1 GIT_PAGER=cat
export GIT_AUTHOR_NAME=A GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=C GIT_COMMITTER_EMAIL=c@example.org
export GIT_AUTHOR_DATE='1710000000 +0000' GIT_COMMITTER_DATE='1710000000 +0000'

commit() {
  GIT_AUTHOR_DATE="$1 +0000" GIT_COMMITTER_DATE="$1 +0000" git -C origin commit -qam "Change $2"
}

make_input() {
  git init -q -b main origin
  local n file
  for n in {1..60}; do
    for file in {1..8}; do
      seq $((n * file)) $((n * file + 200)) >"origin/file $file"
    done
    git -C origin add .
    commit $((1700000000 + n * 60)) "$n"
  done
}

steps() {
  run clone git clone -q --no-hardlinks origin copy
  run log git -C copy log -p --stat
  run blame git -C copy blame 'file 3'
  run grep git -C copy grep -n '20$'
  run gc git -C copy -c pack.threads=2 -c gc.auto=0 gc -q --aggressive --prune=now
  run fsck git -C copy fsck --full --strict
  run branch bash -c 'cd copy && git switch -qc side HEAD~5 && echo more >more && git add more && git commit -qm side &&
    git rebase main && git log -2 --stat && git reset -q --hard HEAD~3 && seq 9 >"file 1" && git commit -qam other &&
    ! git merge main && git status --short && git merge --abort && git stash list && git describe --all'
  fails error
  run error git -C copy show nowhere
  check objects git -C copy cat-file --batch-all-objects --batch-check
}
