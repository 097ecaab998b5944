using System.Runtime.InteropServices;
using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Images times one factor an image and channel: <c>y[n, p, c] = x[n, p, c] · f[n, c]</c> over the pixels p, as a squeeze-and-excite block
/// gates its channels. The gradient of a factor sums over the pixels: blocks of a fixed number of them, one chain each, then the blocks in
/// order. Immutable and thread-safe; nothing is allocated.
/// </summary>
internal sealed unsafe class ChannelMultiply
{
    // A part reads about this many floats.
    private const int FloatsPerPart = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    private readonly BroadcastKernels _kernels;
    private readonly delegate*<float*, float*, nint, nint, void> _columnSum;
    private readonly int _batch;
    private readonly int _pixels;
    private readonly int _channels;
    private readonly int _pixelsPerPart;
    private readonly int _parts;

    private ChannelMultiply(int batch, int pixels, int channels, BroadcastKernels kernels)
    {
        _kernels = kernels;
        _columnSum = KernelSelection.Choose(ReduceKernels.All, kernels.Isa).ColumnSum;
        _batch = batch;
        _pixels = pixels;
        _channels = channels;
        _pixelsPerPart = Math.Clamp(FloatsPerPart / channels, 1, pixels);
        _parts = (int)(((long)pixels + _pixelsPerPart - 1) / _pixelsPerPart);
    }

    /// <summary>Bytes of scratch memory of <see cref="BackwardFactors"/>.</summary>
    public int WorkspaceBytes => _parts == 1 ? 0 : (int)Math.Min(int.MaxValue, (long)_batch * _parts * _channels * sizeof(float));

    /// <summary>Chooses the kernels.</summary>
    /// <param name="batch">The largest batch.</param>
    /// <param name="pixels">Pixels of an image.</param>
    /// <param name="channels">Channels of a pixel.</param>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ChannelMultiply Create(int batch, int pixels, int channels, IsaLevel? isa = null) =>
        Create(batch, pixels, channels, BroadcastKernels.Choose(channels, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ChannelMultiply Create(int batch, int pixels, int channels, BroadcastKernels kernels)
    {
        OperatorChecks.Matrix("ChannelMultiply", pixels, channels);
        return new ChannelMultiply(batch, pixels, channels, kernels);
    }

    /// <summary>y = x · factors, of n images; also the gradient by x from that of y. y may be x.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void Run(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> factors, Span<float> y)
    {
        RequireImages(n, "x", x.Length);
        RequireImages(n, "y", y.Length);
        RequireFactors(n, "factors", factors.Length);
        fixed (float* px = x, pf = factors, py = y)
            s.Run(n * _parts, y.Length * CostPerElement, new RunAction(this, px, pf, py));
    }

    /// <summary>dfactors = the sum over the pixels of x · dy.</summary>
    /// <exception cref="ShapeException">n or a length does not fit.</exception>
    public void BackwardFactors(IWorkScheduler s, int n, ReadOnlySpan<float> x, ReadOnlySpan<float> dy, Span<float> dfactors,
        Span<byte> workspace)
    {
        RequireImages(n, "x", x.Length);
        RequireImages(n, "dy", dy.Length);
        RequireFactors(n, "dfactors", dfactors.Length);
        OperatorChecks.Workspace("ChannelMultiply", workspace.Length, WorkspaceBytes, this);
        fixed (float* px = x, pdy = dy, pdf = dfactors, sums = MemoryMarshal.Cast<byte, float>(workspace))
        {
            s.Run(n * _parts, x.Length * CostPerElement, new DotAction(this, px, pdy, _parts == 1 ? pdf : sums));
            if (_parts > 1)
                s.Run(n, (long)n * _parts * _channels * CostPerElement, new SumAction(this, sums, pdf));
        }
    }

    /// <summary>The sizes on one line.</summary>
    public override string ToString() => $"N{_batch}; {_pixels} pixels; C{_channels}";

    private void RequireImages(int n, string what, int length)
    {
        if (n < 1 || n > _batch || length != (long)n * _pixels * _channels)
            throw Misfit(n, what, length, (long)n * _pixels * _channels);
    }

    private void RequireFactors(int n, string what, int length)
    {
        if (length != (long)n * _channels)
            throw Misfit(n, what, length, (long)n * _channels);
    }

    private ShapeException Misfit(int n, string what, int length, long expected) =>
        new($"ChannelMultiply: {what} has {length} elements for a batch of {n}; expected {expected} and a batch of 1 to {_batch} " +
            $"({this}).");

    private readonly struct RunAction(ChannelMultiply op, float* x, float* factors, float* y) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _factors = factors;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            (int image, int part) = Math.DivRem(index, op._parts);
            nint pixel = (nint)part * op._pixelsPerPart;
            nint start = (((nint)image * op._pixels) + pixel) * op._channels;
            op._kernels.MultiplyRows(_x + start, _factors + ((nint)image * op._channels), _y + start,
                Math.Min(op._pixelsPerPart, op._pixels - pixel), op._channels);
        }
    }

    private readonly struct DotAction(ChannelMultiply op, float* x, float* dy, float* sums) : IRangeAction
    {
        private readonly float* _x = x;
        private readonly float* _dy = dy;
        private readonly float* _sums = sums;

        public void Invoke(int index, int worker)
        {
            (int image, int part) = Math.DivRem(index, op._parts);
            nint pixel = (nint)part * op._pixelsPerPart;
            nint start = (((nint)image * op._pixels) + pixel) * op._channels;
            op._kernels.ColumnDot(_x + start, _dy + start, _sums + ((nint)index * op._channels),
                Math.Min(op._pixelsPerPart, op._pixels - pixel), op._channels);
        }
    }

    private readonly struct SumAction(ChannelMultiply op, float* sums, float* dfactors) : IRangeAction
    {
        private readonly float* _sums = sums;
        private readonly float* _dfactors = dfactors;

        public void Invoke(int index, int worker) =>
            op._columnSum(_sums + ((nint)index * op._parts * op._channels), _dfactors + ((nint)index * op._channels), op._parts,
                op._channels);
    }
}
