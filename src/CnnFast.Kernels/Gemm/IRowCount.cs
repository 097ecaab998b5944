namespace CnnFast.Kernels;

/// <summary>A number of rows that the compiler knows: a tile's code for the rows beyond it vanishes.</summary>
internal interface IRowCount
{
    static abstract int Count { get; }
}
