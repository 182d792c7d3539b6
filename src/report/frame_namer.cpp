#include "report/frame_namer.h"

#include "os/attempt.h"

namespace fencepost::report {

namespace {

/// Another file may have taken the place of the one that was loaded, and would name other functions. One that was only
/// touched or copied has its build id still.
bool is_file_of(const ModuleName& module, const SymbolFile& file) {
  os::FileStatus now;
  if (module.file != nullptr && os::read_file_status(module.path, now) && now == *module.file) return true;
  const os::BuildId* const id = module.build_id;
  if (id == nullptr || id->size == 0) return module.file == nullptr;
  bool found = false;
  static_cast<void>(os::attempt([&] { found = file.contains({reinterpret_cast<const char*>(id->bytes), id->size}); }));
  return found;
}

}  // namespace

FrameNamer::~FrameNamer() {
  for (OpenFile& open : files_) open.file.close();
}

const SymbolFile& FrameNamer::file_of(const ModuleName& module) {
  for (const OpenFile& open : files_) {
    if (open.path == module.path) return open.file;
  }
  OpenFile& open = files_[next_++ % kOpenFiles];
  open.file.close();
  open = {module.path, SymbolFile(module.path)};
  if (!is_file_of(module, open.file)) open.file.close();
  return open.file;
}

FrameName FrameNamer::name(Address pc) {
  FrameName frame;
  frame.module = find_module_(pc);
  if (frame.module.path == nullptr) return frame;
  frame.offset = pc - frame.module.bias;
  const SymbolFile& file = file_of(frame.module);
  static_cast<void>(os::attempt([&] { frame.function = file.function_at(frame.offset); }));
  return frame;
}

std::string_view FrameNamer::source_file(Address pc) {
  const ModuleName module = find_module_(pc);
  if (module.path == nullptr) return {};
  const SymbolFile& file = file_of(module);
  std::string_view source;
  static_cast<void>(os::attempt([&] { source = file.source_file_at(pc - module.bias); }));
  return source;
}

ObjectName FrameNamer::name_object(Address address) {
  ObjectName object;
  object.module = find_module_(address);
  if (object.module.path == nullptr) return object;
  object.offset = address - object.module.bias;
  const SymbolFile& file = file_of(object.module);
  Address start = object.offset;
  static_cast<void>(os::attempt([&] { object.variable = file.object_at(object.offset, start); }));
  object.distance = object.offset - start;
  return object;
}

}  // namespace fencepost::report
