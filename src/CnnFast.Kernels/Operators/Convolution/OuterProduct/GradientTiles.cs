using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// The tiles that add the outer products of a block of pixels to the sums: which side is their rows, and which their lanes.
/// </summary>
/// <param name="kernel">The tile.</param>
/// <param name="input">How x is read.</param>
/// <param name="dy">How dy is read.</param>
/// <param name="rows">Rows of the sums of a group.</param>
/// <param name="columns">Columns of the sums of a group.</param>
internal abstract unsafe class GradientTiles(GemmOuterKernel kernel, InputReader input, DyPanels dy, int rows, int columns)
{
    public GemmOuterKernel Kernel => kernel;

    /// <summary>Panels of a group.</summary>
    public int Panels { get; } = (columns + kernel.NR - 1) / kernel.NR;

    /// <summary>Tiles of a panel.</summary>
    public int Tiles { get; } = (rows + kernel.MR - 1) / kernel.MR;

    /// <summary>Rows of the sums of a group.</summary>
    public int Rows => rows;

    public InputReader Input => input;

    public DyPanels Dy => dy;

    /// <summary>Floats of a worker's scratch memory.</summary>
    public nint ScratchFloats => WorkspaceLayout.AlignFloats(Math.Max((nint)kernel.MR * kernel.NR, dy.ScratchFloats));

    /// <summary>Adds a block of pixels to the sums of a unit.</summary>
    public abstract void Add(in GradientUnit unit, in PixelBlock block, ref ReadAhead ahead);
}
