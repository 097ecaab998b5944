using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// What <see cref="CrossEntropyLoops{L,V,I}"/> computes, for rows of few classes such as those of pixels: a vector lies across rows, and a
/// block of as many rows is turned so that the logits of a class are contiguous. Sums over classes are one chain in their order, so the
/// bits do not depend on the vector width.
/// </summary>
internal static unsafe class CrossEntropyColumns<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>The most classes.</summary>
    public const int MaxClasses = 8;

    private const int MaxLanes = 16;

    /// <summary>The sum of the losses of rows; writes their gradient times a factor where it is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Run(CrossEntropyRows* rows, nint first, nint count)
    {
        nint classes = rows->Classes;
        float* scratch = stackalloc float[((3 * MaxClasses) + 4) * MaxLanes];
        var block = new RowBlock(scratch);
        double total = 0;
        for (nint done = 0; done < count; done += L.Count)
        {
            nint row = first + done, lanes = Math.Min(L.Count, count - done);
            Turn(rows->Logits + (row * classes), block.X, lanes, classes);
            if (rows->Labels is null)
                Turn(rows->Targets + (row * classes), block.Targets, lanes, classes);
            Weigh(rows, block, row, lanes);
            Compute(rows, block);
            for (nint lane = 0; lane < lanes; lane++)
            {
                if (block.Weights[lane] != 0f)
                    total += (double)block.Weights[lane] * block.Losses[lane];
            }

            if (rows->Gradient is not null)
                TurnBack(block.X, rows->Gradient + (row * classes), lanes, classes);
        }

        return total;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Turn(float* from, float* to, nint rows, nint classes)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (nint c = 0; c < classes; c++)
                to[(c * L.Count) + row] = *from++;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TurnBack(float* from, float* to, nint rows, nint classes)
    {
        for (nint row = 0; row < rows; row++)
        {
            for (nint c = 0; c < classes; c++)
                *to++ = from[(c * L.Count) + row];
        }
    }

    /// <summary>The weights of the rows, 0 for those that do not count, and what their label has more than other classes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Weigh(CrossEntropyRows* rows, RowBlock block, nint row, nint lanes)
    {
        float keep = 1f - rows->Smoothing;
        for (nint lane = 0; lane < lanes; lane++)
        {
            float weight = rows->RowWeights is null ? 1f : rows->RowWeights[(row + lane) / rows->RowsPerWeight];
            if (rows->Labels is not null)
            {
                int label = rows->Labels[row + lane];
                bool isIgnored = label == rows->IgnoredLabel;
                float labelWeight = isIgnored || rows->ClassWeights is null ? 1f : rows->ClassWeights[label];
                block.Labels[lane] = isIgnored ? MaxClasses : label;
                block.More[lane] = keep * labelWeight;
                if (isIgnored || (labelWeight == 0f && rows->Smoothing == 0f))
                    weight = 0f;
            }

            block.Weights[lane] = weight;
        }
    }

    /// <summary>The losses of a block, and its gradients in place of the logits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Compute(CrossEntropyRows* rows, RowBlock block)
    {
        nint classes = rows->Classes;
        V zero = L.Create(0f), maximum = L.Load(block.X), sum = zero;
        for (nint c = 1; c < classes; c++)
            maximum = L.Max(maximum, L.Load(block.X + (c * L.Count)));
        for (nint c = 0; c < classes; c++)
        {
            V e = Exponential.Invoke<L, V, I>(L.Subtract(L.Load(block.X + (c * L.Count)), maximum));
            L.Store(block.E + (c * L.Count), e);
            sum = L.Add(sum, e);
        }

        V log = Logarithm.Invoke<L, V, I>(sum), loss = zero, all = zero, lossOfLabel = zero, ofLabel = zero;
        for (nint c = 0; c < classes; c++)
        {
            V target = Target(rows, block, c);
            V own = L.Subtract(log, L.Subtract(L.Load(block.X + (c * L.Count)), maximum));
            loss = L.SelectEqualOrNaN(target, zero, L.Add(loss, target), L.MultiplyAdd(target, own, loss));
            all = L.Add(all, target);
            if (rows->Focus > 0f)
            {
                lossOfLabel = AtLabel(block, c, own, lossOfLabel);
                ofLabel = AtLabel(block, c, L.Load(block.E + (c * L.Count)), ofLabel);
            }
        }

        V weight = L.Load(block.Weights), scale = L.Multiply(L.Create(rows->Scale), weight);
        if (rows->Focus > 0f)
            Focus(rows->Focus, L.Divide(ofLabel, sum), lossOfLabel, ref loss, ref scale);
        L.Store(block.Losses, loss);
        if (rows->Gradient is null)
            return;
        for (nint c = 0; c < classes; c++)
        {
            V p = L.Divide(L.Load(block.E + (c * L.Count)), sum);
            V gradient = L.Multiply(L.Subtract(L.Multiply(p, all), Target(rows, block, c)), scale);
            L.Store(block.X + (c * L.Count), L.SelectEqualOrNaN(weight, zero, zero, gradient));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V Target(CrossEntropyRows* rows, RowBlock block, nint c)
    {
        V even = L.Create(rows->Smoothing / rows->Classes), weight = L.Create(rows->ClassWeights is null ? 1f : rows->ClassWeights[c]);
        if (rows->Labels is null)
            return L.Multiply(L.MultiplyAdd(L.Load(block.Targets + (c * L.Count)), L.Create(1f - rows->Smoothing), even), weight);
        V zero = L.Create(0f);
        return L.Add(L.Multiply(even, weight), AtLabel(block, c, L.Load(block.More), zero));
    }

    /// <summary>One value in the rows whose label is c, another in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static V AtLabel(RowBlock block, nint c, V value, V other)
    {
        I distance = L.Xor(L.BitsOf(L.Load((float*)block.Labels)), L.CreateInt((int)c));
        return L.SelectGreaterInt(L.CreateInt(1), distance, value, other);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Focus(float focus, V p, V lossOfLabel, ref V loss, ref V scale)
    {
        V zero = L.Create(0f), rest = L.Subtract(L.Create(1f), p);
        V power = Exponential.Invoke<L, V, I>(L.Multiply(L.Create(focus), Logarithm.Invoke<L, V, I>(rest)));
        V bend = L.SelectEqualOrNaN(p, zero, zero, L.Multiply(p, lossOfLabel));
        V factor = L.MultiplyAdd(L.Multiply(L.Create(focus), L.Divide(power, rest)), bend, power);

        // Without a rest there is no loss either.
        scale = L.SelectEqualOrNaN(rest, zero, rest, L.Multiply(scale, factor));
        loss = L.SelectEqualOrNaN(rest, zero, rest, L.Multiply(loss, power));
    }

    /// <summary>Memory of a block of rows: <c>[classes, lanes]</c> and <c>[lanes]</c>.</summary>
    private readonly struct RowBlock(float* scratch)
    {
        public readonly float* X = scratch;
        public readonly float* E = scratch + (MaxClasses * MaxLanes);
        public readonly float* Targets = scratch + (2 * MaxClasses * MaxLanes);
        public readonly float* Weights = scratch + (3 * MaxClasses * MaxLanes);
        public readonly float* More = scratch + (((3 * MaxClasses) + 1) * MaxLanes);
        public readonly float* Losses = scratch + (((3 * MaxClasses) + 2) * MaxLanes);
        public readonly int* Labels = (int*)(scratch + (((3 * MaxClasses) + 3) * MaxLanes));
    }
}
