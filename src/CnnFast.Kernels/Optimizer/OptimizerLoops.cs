using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Parameter updates over contiguous floats: whole vectors, then one partial vector that loads and stores only the rest and rounds like the body.
/// Elements are independent, so the bits depend on neither threads nor vector width. The scalar twin is the same code on <see cref="ScalarLanes"/>.
/// </summary>
internal static unsafe class OptimizerLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>g = gradient + l2·w; v = momentum·v + g; w = w − rate·v.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Sgd(float* weights, float* gradient, float* velocity, nint count, SgdStep* step)
    {
        V rate = L.Create(-step->LearningRate);
        V momentum = L.Create(step->Momentum);
        V l2 = L.Create(step->L2);
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V w = L.Load(weights + i);
            V v = L.MultiplyAdd(momentum, L.Load(velocity + i), L.MultiplyAdd(l2, w, L.Load(gradient + i)));
            L.Store(velocity + i, v);
            L.Store(weights + i, L.MultiplyAdd(rate, v, w));
        }

        if (i < count)
        {
            nint rest = count - i;
            V w = L.LoadPartial(weights + i, rest);
            V v = L.MultiplyAdd(momentum, L.LoadPartial(velocity + i, rest), L.MultiplyAdd(l2, w, L.LoadPartial(gradient + i, rest)));
            L.StorePartial(velocity + i, v, rest);
            L.StorePartial(weights + i, L.MultiplyAdd(rate, v, w), rest);
        }
    }

    /// <summary>g = gradient + l2·w; m = β1·m + (1 − β1)·g; v = β2·v + (1 − β2)·g²; w = w − rate·m / (√(v·correction) + ε).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Adam(float* weights, float* gradient, float* first, float* second, nint count, AdamStep* step)
    {
        nint i = 0;
        for (; i <= count - L.Count; i += L.Count)
        {
            V m = L.Load(first + i);
            V v = L.Load(second + i);
            V w = AdamWeight(L.Load(weights + i), L.Load(gradient + i), ref m, ref v, step);
            L.Store(first + i, m);
            L.Store(second + i, v);
            L.Store(weights + i, w);
        }

        if (i < count)
        {
            nint rest = count - i;
            V m = L.LoadPartial(first + i, rest);
            V v = L.LoadPartial(second + i, rest);
            V w = AdamWeight(L.LoadPartial(weights + i, rest), L.LoadPartial(gradient + i, rest), ref m, ref v, step);
            L.StorePartial(first + i, m, rest);
            L.StorePartial(second + i, v, rest);
            L.StorePartial(weights + i, w, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AdamWeight(V w, V gradient, ref V m, ref V v, AdamStep* step)
    {
        V g = L.MultiplyAdd(L.Create(step->L2), w, gradient);
        m = L.MultiplyAdd(L.Create(step->Beta1), m, L.Multiply(L.Create(step->NewFirst), g));
        v = L.MultiplyAdd(L.Create(step->Beta2), v, L.Multiply(L.Multiply(L.Create(step->NewSecond), g), g));
        V root = L.Add(L.Sqrt(L.Multiply(v, L.Create(step->SecondCorrection))), L.Create(step->Epsilon));
        return L.Subtract(w, L.Divide(L.Multiply(L.Create(step->Rate), m), root));
    }
}
