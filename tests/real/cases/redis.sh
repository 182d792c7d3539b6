# A server on the loopback interface, under load from a client; both guarded.
program redis-server redis-server
program redis-cli redis-tools
program redis-benchmark redis-tools

client() { redis-cli -h 127.0.0.1 -p "$port" "$@"; }

steps() {
  port=$(free_port)
  begin server redis-server --bind 127.0.0.1 --port "$port" --save '' --appendonly no --daemonize no
  await client ping
  run_status benchmark redis-benchmark -h 127.0.0.1 -p "$port" -n 2000 -c 20 -r 5000 -d 100 -q \
    -t set,get,incr,lpush,lpop,sadd,hset,zadd,lrange_100,mset
  run commands redis-cli -h 127.0.0.1 -p "$port" eval \
    'redis.call("flushall"); for i = 1, 500 do redis.call("zadd", "z", i, "m" .. i) end; return redis.call("zrange", "z", 100, 110)' 0
  run error redis-cli -h 127.0.0.1 -p "$port" incr z
  client shutdown nosave
  finish server
}
