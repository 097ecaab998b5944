namespace CnnFast.Kernels;

/// <summary>The columns of a tile as a constant of the compiled code.</summary>
internal interface IColumnCount
{
    static abstract int Value { get; }
}
