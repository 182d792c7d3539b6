# New keys differ each time: what counts is that they are made, and fit.
program ssh-keygen openssh-client

steps() {
  run_status ed25519 ssh-keygen -q -t ed25519 -N '' -C test -f key
  run_status rsa ssh-keygen -q -t rsa -b 2048 -N secret -C test -f locked
  run_status public ssh-keygen -y -f key
  run_status fingerprint ssh-keygen -lf key.pub
  run_status wrong ssh-keygen -y -P mistake -f locked
  fails wrong
  # It ends by _exit.
  quiet wrong
  run_status sign bash -c 'echo text >text && ssh-keygen -Y sign -f key -n file text && ssh-keygen -Y check-novalidate -n file -s text.sig <text'
}
