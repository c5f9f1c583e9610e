// Foundation without its internationalisation where there is such a thing, which spares a program its large tables;
// Foundation itself elsewhere. No file needs to know which of them it is.
#if canImport(FoundationEssentials)
@_exported import FoundationEssentials
#else
@_exported import Foundation
#endif
