namespace CnnFast.Kernels;

/// <summary>
/// A number of rows: the size of the type, which the compiler knows when it reads <c>sizeof</c>. So it does not read the code of a tile for
/// the rows beyond it, and a tile of few rows is compiled in a third of the time that a property would take.
/// </summary>
internal interface IRowCount;
