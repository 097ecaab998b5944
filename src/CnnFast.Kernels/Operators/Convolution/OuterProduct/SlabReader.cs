using System.Runtime.InteropServices;

namespace CnnFast.Operators;

/// <summary>
/// x is copied into a slab: with a zero border where windows leave the image, or because tiles read some floats beyond its end.
/// </summary>
/// <param name="g">The convolution.</param>
/// <param name="source">The windows of x.</param>
/// <param name="chunks">How the batch is cut.</param>
/// <param name="slack">Floats beyond the end that tiles may read.</param>
internal unsafe class SlabReader(Conv2DGeometry g, SlidingSource source, FilterGradientChunks chunks, int slack) : InputReader(g, source)
{
    public override nint ImageStep { get; } = checked(source.Rows.Extent(chunks.Rows) * source.RowStride);

    public override nint SlabFloats(int mostBlocks) => checked((chunks.Images * ImageStep) + slack);

    public override float* Read(in GradientUnit unit, float* x, in PixelChunk chunk)
    {
        float* image = Image(x, chunk);
        for (int i = 0; i < chunk.Images; i++)
            Windows.CopySlab(image + (i * Windows.ImageFloats), chunk.FirstRow, chunk.Rows, unit.Slab + (i * ImageStep));
        return unit.Slab;
    }
}

/// <summary>As <see cref="SlabReader"/>, for the runs of pixels of a pointwise convolution.</summary>
internal sealed unsafe class RunSlabReader(Conv2DGeometry g, SlidingSource source, FilterGradientChunks chunks, int slack)
    : SlabReader(g, source, chunks, slack)
{
    public override nint ImageStep { get; } = (nint)chunks.BlockColumns * g.C;

    public override float* Read(in GradientUnit unit, float* x, in PixelChunk chunk)
    {
        nint channels = Geometry.C;
        NativeMemory.Copy(x + (chunk.FirstColumn * channels), unit.Slab, (nuint)chunk.Columns * (nuint)channels * sizeof(float));
        return unit.Slab;
    }
}
