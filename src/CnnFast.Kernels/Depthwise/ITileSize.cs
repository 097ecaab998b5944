namespace CnnFast.Kernels;

/// <summary>One dimension of a tile as a constant of the compiled code.</summary>
internal interface ITileSize
{
    static abstract int Value { get; }
}
