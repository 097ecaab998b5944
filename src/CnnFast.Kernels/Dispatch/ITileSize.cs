namespace CnnFast.Kernels;

/// <summary>
/// A dimension of a tile: the size of the type, which the just-in-time compiler knows where it reads <c>sizeof</c>. So code for what lies
/// beyond it is not even read; with a property it would be read, inlined and then thrown away, which takes most of a small tile's time.
/// </summary>
internal interface ITileSize;
