namespace CnnFast.Operators;

/// <summary>
/// How the tiles of a filter gradient read x: where each term lies, and what is copied before a chunk is read. Here x is read in place.
/// </summary>
/// <param name="g">The convolution.</param>
/// <param name="source">The windows of x.</param>
internal unsafe class InputReader(Conv2DGeometry g, SlidingSource source)
{
    /// <summary>Floats from a window to the next right of it.</summary>
    public virtual nint PixelStep => source.WindowColumnStep;

    /// <summary>Floats from a window to the next below it.</summary>
    public virtual nint RowStep => source.WindowRowStep;

    /// <summary>Floats from an image of a chunk to the next.</summary>
    public virtual nint ImageStep => source.ImageFloats;

    protected Conv2DGeometry Geometry => g;

    protected SlidingSource Windows => source;

    /// <summary>Floats of a worker's copy.</summary>
    /// <param name="mostBlocks">The most blocks of channels that a unit reads.</param>
    public virtual nint SlabFloats(int mostBlocks) => 0;

    /// <summary>The filter element of a row of tiles.</summary>
    public virtual (int Tap, int Channel) Term(int row) => Math.DivRem(row, g.GroupC);

    /// <summary>Where a window reads a channel through a tap.</summary>
    public virtual nint Offset(int tap, int channel)
    {
        (int a, int b) = Math.DivRem(tap, g.KW);
        return (a * g.DilationH * source.RowStride) + ((nint)b * g.DilationW * g.C) + channel;
    }

    /// <summary>The blocks of channels that some groups and terms read; none where channels are not copied in blocks.</summary>
    public virtual (int First, int Count) Blocks((int First, int Last) groups, (int First, int End) terms) => (0, 0);

    /// <summary>What the offsets of a chunk count from.</summary>
    public virtual float* Read(in GradientUnit unit, float* x, in PixelChunk chunk) =>
        source.InPlace(Image(x, chunk), chunk.FirstRow) + (chunk.FirstColumn * PixelStep);

    /// <summary>The first image of a chunk.</summary>
    protected float* Image(float* x, in PixelChunk chunk) => x + (chunk.Image * source.ImageFloats);
}
