using CnnFast.Kernels;

namespace CnnFast.Operators;

/// <summary>
/// Functions of single elements. Lengths are checked; nothing is allocated; thread-safe. Work is cut into blocks of
/// a fixed number of elements.
/// </summary>
internal sealed unsafe class ElementwiseOperators
{
    private const int Block = 16384;

    // A float that is read and written costs about as much time as this many multiply-adds.
    private const long CostPerElement = 16;

    private readonly ElementwiseKernels _kernels;

    private ElementwiseOperators(ElementwiseKernels kernels) => _kernels = kernels;

    /// <summary>The tier of the chosen kernels.</summary>
    public IsaLevel Isa => _kernels.Isa;

    /// <summary>Chooses the kernels.</summary>
    /// <param name="isa">The highest tier to use; null means <see cref="CpuInfo.Isa"/>.</param>
    public static ElementwiseOperators Create(IsaLevel? isa = null) => new(KernelSelection.Choose(ElementwiseKernels.All, isa));

    /// <summary>Uses kernels that the caller chose.</summary>
    public static ElementwiseOperators Create(ElementwiseKernels kernels) => new(kernels);

    /// <summary>y = a + b. y may be a or b.</summary>
    public void Add(IWorkScheduler s, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) =>
        Binary(s, "Add", _kernels.Add, a, b, y);

    /// <summary>y = a · b. y may be a or b.</summary>
    public void Multiply(IWorkScheduler s, ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> y) =>
        Binary(s, "Multiply", _kernels.Multiply, a, b, y);

    /// <summary>y = scale·x. y may be x.</summary>
    public void Scale(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y, float scale)
    {
        OperatorChecks.Length("Scale", "x", x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run(Blocks(y.Length), y.Length * CostPerElement, new ScaleAction(_kernels.Scale, px, py, y.Length, scale));
    }

    /// <summary>y = scale·x + offset. y may be x.</summary>
    public void Affine(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y, float scale, float offset)
    {
        OperatorChecks.Length("Affine", "x", x.Length, y.Length);
        fixed (float* px = x, py = y)
            s.Run(Blocks(y.Length), y.Length * CostPerElement, new AffineAction(_kernels.Affine, px, py, y.Length, scale, offset));
    }

    /// <summary>y = kept ? x / (1 − rate) : 0 with the mask of (seed, counter). y may be x.</summary>
    /// <param name="s">Where the work runs.</param>
    /// <param name="x">Input.</param>
    /// <param name="y">Output of the same length.</param>
    /// <param name="rate">The probability that an element is dropped: at least 0, below 1.</param>
    /// <param name="seed">The seed of the run.</param>
    /// <param name="counter">Which use of the generator this is; the backward pass repeats it.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="rate"/> is outside [0, 1).</exception>
    public void Dropout(IWorkScheduler s, ReadOnlySpan<float> x, Span<float> y, float rate, ulong seed, ulong counter)
    {
        OperatorChecks.Length("Dropout", "x", x.Length, y.Length);
        DropoutMask mask = DropoutMask.Create(rate, seed, counter);
        fixed (float* px = x, py = y)
            s.Run(Blocks(y.Length), y.Length * CostPerElement, new DropoutAction(_kernels.Dropout, px, py, y.Length, mask));
    }

    /// <summary>dx = kept ? dy / (1 − rate) : 0 with the mask of (seed, counter). dx may be dy.</summary>
    public void DropoutBackward(IWorkScheduler s, ReadOnlySpan<float> dy, Span<float> dx, float rate, ulong seed, ulong counter) =>
        Dropout(s, dy, dx, rate, seed, counter);

    private static int Blocks(int length) => (int)(((long)length + Block - 1) / Block);

    private static int LengthOf(int block, int length) => Math.Min(Block, length - (block * Block));

    private static void Binary(IWorkScheduler s, string name, delegate*<float*, float*, float*, nint, void> kernel, ReadOnlySpan<float> a,
        ReadOnlySpan<float> b, Span<float> y)
    {
        OperatorChecks.Length(name, "a", a.Length, y.Length);
        OperatorChecks.Length(name, "b", b.Length, y.Length);
        fixed (float* pa = a, pb = b, py = y)
            s.Run(Blocks(y.Length), y.Length * CostPerElement, new BinaryAction(kernel, pa, pb, py, y.Length));
    }

    private readonly struct BinaryAction(delegate*<float*, float*, float*, nint, void> kernel, float* a, float* b, float* y, int length)
        : IRangeAction
    {
        private readonly delegate*<float*, float*, float*, nint, void> _kernel = kernel;
        private readonly float* _a = a;
        private readonly float* _b = b;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            nint start = (nint)index * Block;
            _kernel(_a + start, _b + start, _y + start, LengthOf(index, length));
        }
    }

    private readonly struct ScaleAction(delegate*<float*, float*, nint, float, void> kernel, float* x, float* y, int length, float scale)
        : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, float, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker) =>
            _kernel(_x + ((nint)index * Block), _y + ((nint)index * Block), LengthOf(index, length), scale);
    }

    private readonly struct AffineAction(delegate*<float*, float*, nint, float, float, void> kernel, float* x, float* y, int length,
        float scale, float offset) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, float, float, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker) =>
            _kernel(_x + ((nint)index * Block), _y + ((nint)index * Block), LengthOf(index, length), scale, offset);
    }

    private readonly struct DropoutAction(delegate*<float*, float*, nint, int, DropoutMask*, void> kernel, float* x, float* y, int length,
        DropoutMask mask) : IRangeAction
    {
        private readonly delegate*<float*, float*, nint, int, DropoutMask*, void> _kernel = kernel;
        private readonly float* _x = x;
        private readonly float* _y = y;

        public void Invoke(int index, int worker)
        {
            DropoutMask local = mask;
            _kernel(_x + ((nint)index * Block), _y + ((nint)index * Block), LengthOf(index, length), index * Block, &local);
        }
    }
}
