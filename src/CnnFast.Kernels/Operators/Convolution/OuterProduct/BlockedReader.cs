namespace CnnFast.Operators;

/// <summary>
/// x is copied into blocks of channels (<see cref="BlockedSource"/>), only those that a unit's tiles read; terms go block by block.
/// </summary>
/// <param name="g">The convolution.</param>
/// <param name="source">The windows of x.</param>
/// <param name="slab">The layout of the copy.</param>
internal unsafe class BlockedReader(Conv2DGeometry g, SlidingSource source, BlockedSource slab) : InputReader(g, source)
{
    private const int Width = BlockedSource.Width;

    public override nint PixelStep => Width;

    public override nint RowStep => slab.WindowRowStep;

    public override nint ImageStep => slab.ImageStride;

    protected BlockedSource Slab => slab;

    public override nint SlabFloats(int mostBlocks) => slab.Floats(mostBlocks);

    public override (int Tap, int Channel) Term(int row)
    {
        (int block, int rest) = Math.DivRem(row, Geometry.KH * Geometry.KW * Width);
        (int tap, int channel) = Math.DivRem(rest, Width);
        return (tap, (block * Width) + channel);
    }

    public override nint Offset(int tap, int channel)
    {
        (int a, int b) = Math.DivRem(tap, Geometry.KW);
        (int block, int lane) = Math.DivRem(channel, Width);
        return slab.Floats(block) + slab.TapOffset(a, b) + lane;
    }

    public override (int First, int Count) Blocks((int First, int Last) groups, (int First, int End) terms)
    {
        int groupBlocks = Geometry.GroupC / Width;
        int blockTerms = Geometry.KH * Geometry.KW * Width;
        int first = (groups.First * groupBlocks) + (terms.First / blockTerms);
        int end = (groups.Last * groupBlocks) + ((terms.End - 1) / blockTerms) + 1;
        return (first, end - first);
    }

    public sealed override float* Read(in GradientUnit unit, float* x, in PixelChunk chunk)
    {
        Copy(unit, x, chunk);
        return unit.Slab - slab.Floats(unit.Channels.First);
    }

    protected virtual void Copy(in GradientUnit unit, float* x, in PixelChunk chunk)
    {
        float* image = Image(x, chunk);
        float* to = unit.Slab;
        for (int i = 0; i < chunk.Images; i++, image += Windows.ImageFloats, to += slab.ImageStride)
            slab.Pack(image, chunk.FirstRow, chunk.Rows, unit.Channels.First, unit.Channels.Count, to);
    }
}

/// <summary>As <see cref="BlockedReader"/>, for the runs of pixels of a pointwise convolution.</summary>
internal sealed unsafe class RunBlockedReader(Conv2DGeometry g, SlidingSource source, BlockedSource slab) : BlockedReader(g, source, slab)
{
    protected override void Copy(in GradientUnit unit, float* x, in PixelChunk chunk)
    {
        float* from = x + (chunk.FirstColumn * Geometry.C) + ((nint)unit.Channels.First * BlockedSource.Width);
        BlockedSource.PackRun(from, Geometry.C, chunk.Columns, unit.Channels.Count, unit.Slab, Slab.BlockStride);
    }
}
