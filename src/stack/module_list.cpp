#include "stack/module_list.h"

#include <algorithm>
#include <cstring>
#include <span>
#include <string_view>

#include "os/pages.h"

namespace fencepost::stack {

namespace {

using State = KnownModule::State;

int report(const KnownModule& module, int (*callback)(dl_phdr_info*, std::size_t, void*), void* data) {
  dl_phdr_info info{};
  info.dlpi_addr = module.bias;
  info.dlpi_name = module.path;
  info.dlpi_phdr = module.headers;
  info.dlpi_phnum = static_cast<ElfW(Half)>(module.header_count);
  return callback(&info, sizeof info, data);
}

void copy_path(char (&to)[KnownModule::kMaxPath], const char* from) {
  const Size length = std::min(std::strlen(from), sizeof to - 1);
  std::memcpy(to, from, length);
  to[length] = '\0';
}

}  // namespace

bool ModuleList::reserve() {
  const Range memory = os::map_memory(kCapacity * sizeof(KnownModule));
  modules_ = reinterpret_cast<KnownModule*>(memory.begin);
  return !memory.empty();
}

/// The entry of this very module from when it was loaded before: plugins come and go, often to the same place.
KnownModule* ModuleList::take_up_again(const os::Module& module) {
  const os::BuildId build_id = os::read_build_id(module);
  const Size known = std::min(count_.load(std::memory_order_acquire), kCapacity);
  for (KnownModule& each : std::span{modules_, known}) {
    auto unloaded = State::unloaded;
    const bool same = each.state.load(std::memory_order_acquire) == unloaded && each.range == module.range &&
                      each.build_id == build_id && std::string_view(each.path) == module.path;
    if (!same) continue;
    each.file_known.store(false, std::memory_order_release);
    if (each.state.compare_exchange_strong(unloaded, State::loaded, std::memory_order_acq_rel)) return &each;
  }
  return nullptr;
}

KnownModule* ModuleList::add(const os::Module& module) {
  if (module.headers == nullptr || modules_ == nullptr) return nullptr;
  if (KnownModule* const again = take_up_again(module)) return again;
  const Size index = count_.fetch_add(1, std::memory_order_relaxed);
  if (index >= kCapacity) {
    count_.store(kCapacity, std::memory_order_relaxed);
    return nullptr;
  }
  KnownModule& added = modules_[index];
  added.range = module.range;
  added.bias = module.bias;
  added.header_count = std::min(module.header_count, KnownModule::kMaxHeaders);
  std::copy_n(module.headers, added.header_count, added.headers);
  copy_path(added.path, module.path);
  added.build_id = os::read_build_id(module);
  added.state.store(State::loaded, std::memory_order_release);
  return &added;
}

bool ModuleList::knows(Address address) const {
  const KnownModule* found = find(address);
  return found != nullptr && found->state.load(std::memory_order_acquire) == State::loaded;
}

void ModuleList::learn(Address address) {
  os::Module module;
  if (!knows(address) && os::find_module(address, module)) static_cast<void>(add(module));
}

KnownModule* ModuleList::find_loaded(Address address) {
  const KnownModule* const found = find(address);
  const bool loaded = found != nullptr && found->state.load(std::memory_order_acquire) == State::loaded;
  return loaded ? &modules_[found - modules_] : nullptr;
}

void ModuleList::note_files() {
  for (const link_map* map = _r_debug.r_map; map != nullptr; map = map->l_next) {
    const auto inside = reinterpret_cast<Address>(map->l_ld);
    learn(inside);
    KnownModule* const module = find_loaded(inside);
    if (module == nullptr || module->file_known.load(std::memory_order_acquire)) continue;
    if (os::read_file_status(module->path, module->file)) module->file_known.store(true, std::memory_order_release);
  }
}

int ModuleList::iterate(int (*callback)(dl_phdr_info*, std::size_t, void*), void* data) {
  const Size known = std::min(count_.load(std::memory_order_acquire), kCapacity);
  for (Size i = 0; i < known; ++i) {
    if (modules_[i].state.load(std::memory_order_acquire) != State::loaded) continue;
    if (const int result = report(modules_[i], callback, data)) return result;
  }
  // The loader's list may change under us; a capture that faults on it ends, and that is all.
  for (const link_map* map = _r_debug.r_map; map != nullptr; map = map->l_next) {
    const auto inside = reinterpret_cast<Address>(map->l_ld);
    os::Module module;
    if (knows(inside) || !os::find_module(inside, module)) continue;
    const KnownModule* const added = add(module);
    if (added == nullptr) continue;
    if (const int result = report(*added, callback, data)) return result;
  }
  return 0;
}

bool ModuleList::forget_unloaded() {
  bool any = false;
  const Size known = std::min(count_.load(std::memory_order_acquire), kCapacity);
  for (Size i = 0; i < known; ++i) {
    KnownModule& module = modules_[i];
    if (module.state.load(std::memory_order_acquire) != State::loaded) continue;
    os::Module now;
    const bool still = os::find_module(module.range.begin, now) && now.range == module.range;
    if (still) continue;
    module.state.store(State::unloaded, std::memory_order_release);
    any = true;
  }
  return any || known == kCapacity;
}

const KnownModule* ModuleList::find(Address address) const {
  const KnownModule* unloaded = nullptr;
  const Size known = std::min(count_.load(std::memory_order_acquire), kCapacity);
  for (Size i = 0; i < known; ++i) {
    const KnownModule& module = modules_[i];
    const State state = module.state.load(std::memory_order_acquire);
    if (state == State::empty || !module.range.contains(address)) continue;
    if (state == State::loaded) return &module;
    unloaded = &module;
  }
  return unloaded;
}

}  // namespace fencepost::stack
