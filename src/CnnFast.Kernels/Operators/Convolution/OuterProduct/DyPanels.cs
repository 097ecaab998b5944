using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// How tiles read a panel of dy, the columns of some output channels: packed, or in place. It sums the columns up for the bias on the way.
/// </summary>
internal abstract unsafe class DyPanels
{
    private readonly delegate*<float*, float*, nint, nint, void> _columnSum;
    private readonly AlignedBuffer<nint> _rows;

    protected DyPanels(Conv2DGeometry g, IsaLevel isa, FilterGradientChunks chunks, int step)
    {
        Geometry = g;
        Step = step;
        _columnSum = KernelSelection.Choose(ReduceKernels.All, isa).ColumnSum;
        _rows = new AlignedBuffer<nint>(chunks.BlockRows);
        for (int row = 0; row < _rows.Length; row++)
            _rows.Span[row] = (nint)row * chunks.BlockColumns * step;
    }

    /// <summary>Floats from a pixel to the next.</summary>
    public nint Step { get; }

    /// <summary>One offset for each row of a block.</summary>
    public nint* Rows => _rows.Pointer;

    /// <summary>Floats of a worker's packed panel.</summary>
    public virtual nint PackedFloats => 0;

    /// <summary>Floats of scratch memory for the sums of columns.</summary>
    public virtual nint ScratchFloats => 0;

    protected Conv2DGeometry Geometry { get; }

    /// <summary>Begins a block.</summary>
    public abstract void Begin(in GradientUnit unit, in PixelBlock block);

    /// <summary>Some columns of a block, from an output channel on.</summary>
    public abstract float* Panel(in GradientUnit unit, in PixelBlock block, int channel, int width);

    protected void SumColumns(float* dy, nint pixels, nint columns, float* sums) => _columnSum(dy, sums, pixels, columns);

    protected static void AddBias(float* row, float* sums, int width, bool adds)
    {
        if (adds)
            SumRows.Add(row, sums, width);
        else
            SumRows.Copy(row, sums, width);
    }
}
