namespace CnnFast.Kernels;

/// <summary>Register tiles of one width, which <see cref="GemmStripe{TTile}"/> runs down the rows.</summary>
internal unsafe interface IGemmTile
{
    /// <summary>Vectors of a row.</summary>
    static abstract int Vectors { get; }

    /// <summary>Computes some tiles of the same number of rows, one below the other.</summary>
    /// <param name="tile">The stripe.</param>
    /// <param name="first">The first row.</param>
    /// <param name="tiles">How many tiles, at least 1.</param>
    static abstract void Tiles<TForm, TRows, TEpilogue>(GemmTile* tile, nint first, nint tiles)
        where TForm : struct, IGemmForm
        where TRows : unmanaged, ITileSize
        where TEpilogue : struct, IUnaryOperation;
}
