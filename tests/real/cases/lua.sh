# Tables, strings, coroutines, closures, the collector at work.
program lua5.4 lua5.4

make_input() {
  cat >script.lua <<'LUA'
local rows = {}
for i = 1, 40000 do rows[i] = { id = i, name = "row " .. i } end
table.sort(rows, function(a, b) return a.id * 7919 % 40009 < b.id * 7919 % 40009 end)
print(#rows, rows[1].name, rows[40000].name)
for i = 1, #rows, 2 do rows[i] = false end
collectgarbage()
local text = {}
for i = 1, 2000 do text[i] = ("%d:%s"):format(i, ("x"):rep(i % 40)) end
text = table.concat(text, ",")
print(#text, select(2, text:gsub("(%d+):x", "%1")), text:match("1999:(x+)"))
local step = coroutine.wrap(function() for i = 1, 1000 do coroutine.yield(i * i) end end)
local sum = 0
for _ = 1, 1000 do sum = sum + step() end
print(sum, pcall(error, { code = 1 }), load("return 6 * 7")())
io.stderr:write("to standard error\n")
os.exit(9, true)
LUA
}

steps() {
  fails script
  run script lua5.4 script.lua
  meets_limit script
  fails error
  run error lua5.4 -e 'error("the end")'
}
normalize() { sed -E 's/table: 0x[0-9a-f]+/table/'; }
