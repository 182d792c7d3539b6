# Digests, ciphers and keys, over some megabytes.
program openssl openssl

make_input() { seq 1 1000000 >data; }

steps() {
  run digests openssl dgst -sha256 data
  run blake openssl dgst -blake2b512 -hex data
  run encrypt openssl enc -aes-256-ctr -K "$(printf '%064d' 7)" -iv "$(printf '%032d' 9)" -in data -out data.enc
  check encrypted sha256sum data.enc
  run decrypt openssl enc -d -aes-256-ctr -K "$(printf '%064d' 7)" -iv "$(printf '%032d' 9)" -in data.enc
  run_status key openssl genrsa -out key.pem 2048
  run sign bash -c 'openssl dgst -sha256 -sign key.pem -out data.sig data && openssl rsa -in key.pem -pubout -out key.pub && openssl dgst -sha256 -verify key.pub -signature data.sig data'
  run_status certificate openssl req -x509 -new -key key.pem -subj /CN=example.org -days 3 -out certificate.pem
  run verify openssl verify -CAfile certificate.pem certificate.pem
  fails error
  run error openssl dgst -sha256 absent
}
normalize() { sed -E 's/^[0-9A-F]+:error:/-:error:/'; }
