#include "report/frame_namer.h"

#include "os/attempt.h"

namespace fencepost::report {

FrameNamer::~FrameNamer() {
  for (OpenFile& open : files_) open.file.close();
}

const SymbolFile& FrameNamer::file_of(const char* path) {
  for (const OpenFile& open : files_) {
    if (open.path == path) return open.file;
  }
  OpenFile& open = files_[next_++ % kOpenFiles];
  open.file.close();
  open = {path, SymbolFile(path)};
  return open.file;
}

FrameName FrameNamer::name(Address pc) {
  FrameName frame;
  frame.module = find_module_(pc);
  if (frame.module.path == nullptr) return frame;
  frame.offset = pc - frame.module.bias;
  const SymbolFile& file = file_of(frame.module.path);
  static_cast<void>(os::attempt([&] { frame.function = file.function_at(frame.offset); }));
  return frame;
}

std::string_view FrameNamer::source_file(Address pc) {
  const ModuleName module = find_module_(pc);
  if (module.path == nullptr) return {};
  const SymbolFile& file = file_of(module.path);
  std::string_view source;
  static_cast<void>(os::attempt([&] { source = file.source_file_at(pc - module.bias); }));
  return source;
}

ObjectName FrameNamer::name_object(Address address) {
  ObjectName object;
  object.module = find_module_(address);
  if (object.module.path == nullptr) return object;
  object.offset = address - object.module.bias;
  const SymbolFile& file = file_of(object.module.path);
  Address start = object.offset;
  static_cast<void>(os::attempt([&] { object.variable = file.object_at(object.offset, start); }));
  object.distance = object.offset - start;
  return object;
}

}  // namespace fencepost::report
