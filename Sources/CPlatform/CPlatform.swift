@_exported import CPlatformShims

// The C library under one name: Glibc, Musl and Darwin are three modules to Swift. What they spell differently, or what
// Swift cannot import from them, is in the shims.
//
// A Swift module, because a C module that includes the same headers re-exports only the submodules it includes, and with
// MemberImportVisibility the fields of their structures are then visible in some files and not in others.
#if canImport(Glibc)
@_exported import Glibc
#elseif canImport(Musl)
@_exported import Musl
#else
@_exported import Darwin
#endif
