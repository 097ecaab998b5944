using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// Holds the elementwise kernels of every tier against their definitions. Each element is one rounding of an exact result, so it must be
/// the same bits; values include zeros of both signs, subnormal numbers, infinities and NaN.
/// </summary>
public sealed unsafe class ElementwiseSweep : IKernelSweep
{
    private readonly IReadOnlyList<ElementwiseKernels> _sets;

    /// <summary>Sweeps the kernels of the library.</summary>
    public ElementwiseSweep()
        : this(ElementwiseKernels.All)
    {
    }

    internal ElementwiseSweep(IReadOnlyList<ElementwiseKernels> sets) => _sets = sets;

    private delegate void Call(float* a, float* b, float* y, nint count);

    /// <inheritdoc/>
    public string Family => "Elementwise";

    /// <inheritdoc/>
    public IEnumerable<KernelReport> Run(SweepDepth depth, CancellationToken cancellationToken)
    {
        foreach (ElementwiseKernels set in _sets.Where(s => CpuInfo.IsSupported(s.Isa)))
        {
            foreach (string operation in set.Operations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Sweep(set, operation, depth);
            }
        }
    }

    private KernelReport Sweep(ElementwiseKernels set, string operation, SweepDepth depth)
    {
        var tally = new KernelTally(Family, ((IKernelSet)set).NameOf(operation), set.Isa);
        foreach (int length in VectorSizes.Of(depth))
        {
            float[] a = SpecialValues.Mix(length, length);
            float[] b = SpecialValues.Mix(length, length + 5000);
            (float[] expected, Call call) = Case(set, operation, a, b);
            Check(tally, length, a, b, expected, call);
        }

        return tally.ToReport();
    }

    private static void Check(KernelTally tally, int length, float[] a, float[] b, float[] expected, Call call)
    {
        GuardSide side = length % 2 == 0 ? GuardSide.After : GuardSide.Before;
        using var x = new GuardedBuffer<float>(a, side);
        using var z = new GuardedBuffer<float>(b, side);
        using var y = new GuardedBuffer<float>(length, side);
        y.Fill(float.NaN);
        call(x.Pointer, z.Pointer, y.Pointer, length);
        Add(tally, $"length {length}", y, expected);

        // In place, as the operators allow.
        call(x.Pointer, z.Pointer, x.Pointer, length);
        Add(tally, $"length {length} in place of the first input", x, expected);
        a.CopyTo(x.Span);
        call(x.Pointer, z.Pointer, z.Pointer, length);
        Add(tally, $"length {length} in place of the second input", z, expected);
    }

    private static void Add(KernelTally tally, string name, GuardedBuffer<float> y, float[] expected)
    {
        if (y.SlackIsIntact)
            tally.Add(name, ErrorBound.MeasureExact(y.Span, expected));
        else
            tally.Fail(name, "wrote outside its output");
    }

    private static (float[] Expected, Call Call) Case(ElementwiseKernels set, string operation, float[] a, float[] b)
    {
        int length = a.Length;
        float factor = 0.3f + length;
        DropoutMask mask = DropoutMask.Create(0.4f, 7, (ulong)length);
        switch (operation)
        {
            case "Add":
                return (Sum(a, b), (x, z, y, n) => set.Add(x, z, y, n));
            case "Scale":
                return (Array.ConvertAll(a, v => (float)((double)v * factor)), (x, _, y, n) => set.Scale(x, y, n, factor));
            case "Multiply":
                return ([.. a.Zip(b, (left, right) => (float)((double)left * right))], (x, z, y, n) => set.Multiply(x, z, y, n));
            case "Affine":
                return (Array.ConvertAll(a, v => (float)((double)(float)((double)v * factor) - 0.7f)),
                    (x, _, y, n) => set.Affine(x, y, n, factor, -0.7f));
            case "Dropout":
                return (Dropout(a, 11, mask), (x, _, y, n) =>
                {
                    DropoutMask local = mask;
                    set.Dropout(x, y, n, 11, &local);
                }
                );
            default:
                throw new InvalidOperationException($"The elementwise sweep does not know the operation {operation}.");
        }
    }

    // The double sum of two floats rounds to the same float as the exact sum.
    private static float[] Sum(float[] a, float[] b)
    {
        var sum = new float[a.Length];
        for (int i = 0; i < sum.Length; i++)
            sum[i] = (float)((double)a[i] + b[i]);
        return sum;
    }

    private static float[] Dropout(float[] x, int first, DropoutMask mask)
    {
        var y = new float[x.Length];
        for (int i = 0; i < y.Length; i++)
        {
            uint hash = Mix(Mix((uint)(first + i) + (uint)mask.Key0) ^ (uint)mask.Key1) >> 8;
            y[i] = hash < (uint)mask.Threshold ? 0f : (float)((double)x[i] * mask.Scale);
        }

        return y;
    }

    private static uint Mix(uint h)
    {
        h = (h ^ (h >> 16)) * 0x7FEB352Du;
        h = (h ^ (h >> 15)) * 0x846CA68Bu;
        return h ^ (h >> 16);
    }
}
