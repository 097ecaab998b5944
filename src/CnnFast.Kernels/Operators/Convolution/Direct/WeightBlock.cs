namespace CnnFast.Operators;

/// <summary>A block of weights that a dense layer reads in training: where they lie, or a copy where some are below 2⁻¹²⁶.</summary>
internal readonly unsafe struct WeightBlock
{
    /// <summary>Looks at a block, which brings it into the caches.</summary>
    /// <param name="weights">Its first weight.</param>
    /// <param name="pitch">Floats from a row to the next.</param>
    /// <param name="rows">Rows.</param>
    /// <param name="columns">Columns.</param>
    /// <param name="copy">Room for a copy.</param>
    public WeightBlock(float* weights, nint pitch, int rows, int columns, float* copy)
    {
        First = weights;
        Pitch = pitch;
        if (!Denormals.AreIn(weights, pitch, rows, columns))
            return;
        FilterPacking.CopyRows(weights, pitch, copy, columns, rows, columns, 0);
        Denormals.Flush(new Span<float>(copy, rows * columns));
        First = copy;
        Pitch = columns;
    }

    /// <summary>The first weight.</summary>
    public float* First { get; }

    /// <summary>Floats from a row to the next.</summary>
    public nint Pitch { get; }
}
