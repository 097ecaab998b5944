using System.Numerics;
using System.Runtime.InteropServices;

namespace CnnFast.Graphs;

/// <summary>Converts numbers.</summary>
/// <param name="sample">Elements of one sample.</param>
/// <param name="toTruth">Whether the result is whether a number is not 0.</param>
internal sealed class CastStep<TFrom, TTo>(int sample, bool toTruth) : ForwardStep
    where TFrom : unmanaged, INumber<TFrom>
    where TTo : unmanaged, INumber<TTo>
{
    public override void Run(in ForwardContext context)
    {
        int count = context.N * sample;
        ReadOnlySpan<TFrom> x = MemoryMarshal.Cast<float, TFrom>(context.Input(0))[..count];
        Span<TTo> y = MemoryMarshal.Cast<float, TTo>(context.Output)[..count];
        for (int i = 0; i < count; i++)
            y[i] = toTruth ? TFrom.IsZero(x[i]) ? TTo.Zero : TTo.One : TTo.CreateSaturating(x[i]);
    }
}
