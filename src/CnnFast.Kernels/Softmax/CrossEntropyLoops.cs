using System.Runtime.CompilerServices;

namespace CnnFast.Kernels;

/// <summary>
/// Softmax with cross-entropy over rows of logits: the loss of a row is −r·Σ t·log softmax(x), where r is the weight of the row and t =
/// w·((1 − ε)·target + ε/K), with the weights w of the K classes and the smoothing ε; where the target is the label y, its term has the
/// weight of y. The gradient is r·(softmax(x)·Σt − t). The focal loss of a label y is r·w·(1 − p)^γ·−log p with p = softmax(x)[y] (Lin et
/// al. 2017), and its gradient that of the cross-entropy times (1 − p)^γ − γ·(1 − p)^(γ − 1)·p·log p. Sums are formed as
/// <see cref="SoftmaxLoops{L,V,I}"/> does it: the bits depend on neither threads nor vector width. Rows that do not count are not looked
/// at, and have the gradient 0.
/// </summary>
internal static unsafe class CrossEntropyLoops<L, V, I>
    where L : struct, ILanes<V, I>
    where V : unmanaged
    where I : unmanaged
{
    /// <summary>The sum of the losses of rows with labels; writes their gradient times a factor where it is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Labels(CrossEntropyRows* rows, nint first, nint count)
    {
        if (rows->Classes <= CrossEntropyColumns<L, V, I>.MaxClasses)
            return CrossEntropyColumns<L, V, I>.Run(rows, first, count);
        CrossEntropyRows all = *rows;
        nint classes = all.Classes;
        double total = 0;
        for (nint row = first; row < first + count; row++)
        {
            float* x = all.Logits + (row * classes);
            float* dx = all.Gradient is null ? null : all.Gradient + (row * classes);
            int label = all.Labels[row];
            float weight = all.RowWeights is null ? 1f : all.RowWeights[row / all.RowsPerWeight];
            float labelWeight = label == all.IgnoredLabel || all.ClassWeights is null ? 1f : all.ClassWeights[label];
            if (label == all.IgnoredLabel || weight == 0f || (labelWeight == 0f && all.Smoothing == 0f))
            {
                Clear(dx, classes);
                continue;
            }

            if (all.Smoothing == 0f)
            {
                weight *= labelWeight;
                total += (double)weight * OneHot(x, dx, classes, label, all.Scale * weight, all.Focus);
                continue;
            }

            V even = L.Create(all.Smoothing / classes);
            var targets = new TargetRow(null, all.ClassWeights, even, even, label, L.Create((1f - all.Smoothing) * labelWeight));
            total += (double)weight * Soft(x, dx, classes, targets, L.Create(all.Scale * weight));
        }

        return total;
    }

    /// <summary>The same of rows with numbers as targets, whose rows may have any sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Targets(CrossEntropyRows* rows, nint first, nint count)
    {
        if (rows->Classes <= CrossEntropyColumns<L, V, I>.MaxClasses)
            return CrossEntropyColumns<L, V, I>.Run(rows, first, count);
        CrossEntropyRows all = *rows;
        nint classes = all.Classes;
        V keep = L.Create(1f - all.Smoothing), even = L.Create(all.Smoothing / classes);
        double total = 0;
        for (nint row = first; row < first + count; row++)
        {
            float* dx = all.Gradient is null ? null : all.Gradient + (row * classes);
            float weight = all.RowWeights is null ? 1f : all.RowWeights[row / all.RowsPerWeight];
            if (weight == 0f)
            {
                Clear(dx, classes);
                continue;
            }

            var targets = new TargetRow(all.Targets + (row * classes), all.ClassWeights, keep, even, 0, even);
            total += (double)weight * Soft(all.Logits + (row * classes), dx, classes, targets, L.Create(all.Scale * weight));
        }

        return total;
    }

    private static void Clear(float* dx, nint classes)
    {
        if (dx is not null)
            new Span<float>(dx, (int)classes).Clear();
    }

    /// <summary>The loss −log softmax(x)[label] of a row, and its gradient (softmax − one-hot)·scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float OneHot(float* x, float* dx, nint classes, int label, float scale, float focus)
    {
        float maximum, sum, loss;
        if (SoftmaxLoops<L, V, I>.IsShort(classes))
        {
            V p = SoftmaxLoops<L, V, I>.ShortRow(x, classes, out maximum, out sum);
            loss = Focused(Loss(x[label], maximum, sum), x[label] - maximum, sum, focus, ref scale);
            if (dx is not null)
            {
                V isLabel = L.SelectGreaterInt(L.CreateInt(1), L.Xor(L.Indices, L.CreateInt(label)), L.Create(1f), L.Create(0f));
                SoftmaxLoops<L, V, I>.StoreShort(dx, L.Multiply(L.Subtract(p, isLabel), L.Create(scale)), classes);
            }

            return loss;
        }

        maximum = RowReductions<L, V, I>.Max(x, classes);
        sum = SoftmaxLoops<L, V, I>.SumOfExponentials(x, dx, classes, maximum);
        loss = Focused(Loss(x[label], maximum, sum), x[label] - maximum, sum, focus, ref scale);
        if (dx is not null)
        {
            V divisor = L.Create(sum), scales = L.Create(scale);
            float p = dx[label] / sum;
            nint i = 0;
            for (; i <= classes - L.Count; i += L.Count)
                L.Store(dx + i, L.Multiply(L.Divide(L.Load(dx + i), divisor), scales));
            if (i < classes)
                L.StorePartial(dx + i, L.Multiply(L.Divide(L.LoadPartial(dx + i, classes - i), divisor), scales), classes - i);
            dx[label] = (p - 1f) * scale;
        }

        return loss;
    }

    /// <summary>The focal loss from the cross-entropy; the factor of the gradient changes with it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Focused(float loss, float shifted, float sum, float focus, ref float scale)
    {
        if (focus == 0f)
            return loss;
        float p = L.First(Exponential.Invoke<L, V, I>(L.Create(shifted))) / sum;
        float rest = 1f - p;
        float power = L.First(Exponential.Invoke<L, V, I>(L.Multiply(L.Create(focus), Logarithm.Invoke<L, V, I>(L.Create(rest)))));

        // Without a rest there is no loss either.
        scale *= rest == 0f ? 0f : power + (focus * (power / rest) * (p == 0f ? 0f : p * loss));
        return rest == 0f ? 0f : power * loss;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Loss(float logit, float maximum, float sum) =>
        L.First(Logarithm.Invoke<L, V, I>(L.Create(sum))) - (logit - maximum);

    /// <summary>The loss −Σ t·log softmax(x) of a row, and its gradient (softmax·Σt − t)·scale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Soft(float* x, float* dx, nint classes, in TargetRow targets, V scale)
    {
        if (SoftmaxLoops<L, V, I>.IsShort(classes))
            return ShortSoft(x, dx, classes, targets, scale);
        float maximum = RowReductions<L, V, I>.Max(x, classes);
        float sum = SoftmaxLoops<L, V, I>.SumOfExponentials(x, dx, classes, maximum);
        V log = Logarithm.Invoke<L, V, I>(L.Create(sum));
        float loss = RowReductions<L, V, I>.Sum(classes, new LogLoss(targets, x, L.Create(maximum), log));
        if (dx is null)
            return loss;
        V weight = L.Create(RowReductions<L, V, I>.Sum(classes, new TargetSum(targets))), divisor = L.Create(sum);
        nint i = 0;
        for (; i <= classes - L.Count; i += L.Count)
        {
            V p = L.Divide(L.Load(dx + i), divisor);
            L.Store(dx + i, L.Multiply(L.Subtract(L.Multiply(p, weight), targets.At(i)), scale));
        }

        if (i < classes)
        {
            V p = L.Divide(L.LoadPartial(dx + i, classes - i), divisor);
            L.StorePartial(dx + i, L.Multiply(L.Subtract(L.Multiply(p, weight), targets.AtPartial(i, classes - i)), scale), classes - i);
        }

        return loss;
    }

    // The same bits in registers.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float ShortSoft(float* x, float* dx, nint classes, in TargetRow targets, V scale)
    {
        V zero = L.Create(0f), p = SoftmaxLoops<L, V, I>.ShortRow(x, classes, out float maximum, out float sum);
        V target = targets.AtPartial(0, classes), log = Logarithm.Invoke<L, V, I>(L.Create(sum));
        V own = L.Subtract(log, L.Subtract(L.LoadPartial(x, classes), L.Create(maximum)));
        if (dx is not null)
        {
            V all = L.Create(L.TreeSum(target));
            SoftmaxLoops<L, V, I>.StoreShort(dx, L.Multiply(L.Subtract(L.Multiply(p, all), target), scale), classes);
        }

        return L.TreeSum(L.SelectEqualOrNaN(target, zero, target, L.MultiplyAdd(target, own, zero)));
    }

    /// <summary>The targets of a row: class weight · (keep · target + even), and more for a label.</summary>
    private readonly struct TargetRow(float* targets, float* classWeights, V keep, V even, int label, V more)
    {
        private readonly float* _targets = targets;
        private readonly float* _classWeights = classWeights;
        private readonly V _keep = keep;
        private readonly V _even = even;
        private readonly V _more = more;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V At(nint i)
        {
            V t = _targets is null ? _even : L.MultiplyAdd(L.Load(_targets + i), _keep, _even);
            if (_classWeights is not null)
                t = L.Multiply(t, L.Load(_classWeights + i));
            return _targets is null ? AddLabel(t, i) : t;
        }

        /// <summary>The last targets of a row, and 0 in the other lanes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AtPartial(nint i, nint count)
        {
            V t = _targets is null ? _even : L.MultiplyAdd(L.LoadPartial(_targets + i, count), _keep, _even);
            if (_classWeights is not null)
                t = L.Multiply(t, L.LoadPartial(_classWeights + i, count));
            return RowReductions<L, V, I>.First(_targets is null ? AddLabel(t, i) : t, count, L.Create(0f));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V AddLabel(V t, nint i)
        {
            I distance = L.Xor(L.AddInt(L.Indices, L.CreateInt((int)i)), L.CreateInt(label));
            return L.Add(t, L.SelectGreaterInt(L.CreateInt(1), distance, _more, L.Create(0f)));
        }
    }

    private readonly struct TargetSum(TargetRow targets) : IReductionTerm<V>
    {
        private readonly TargetRow _targets = targets;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => L.Add(sum, _targets.At(i));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) => L.Add(sum, _targets.AtPartial(i, count));
    }

    /// <summary>t·(log Σe^(x − max) − (x − max)), and 0 where t is 0 even if x is −∞.</summary>
    private readonly struct LogLoss(TargetRow targets, float* x, V maximum, V log) : IReductionTerm<V>
    {
        private readonly TargetRow _targets = targets;
        private readonly float* _x = x;
        private readonly V _maximum = maximum;
        private readonly V _log = log;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V Accumulate(V sum, nint i) => Add(sum, _targets.At(i), L.Load(_x + i));

        // Targets of 0 fill the vector.
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public V AccumulatePartial(V sum, nint i, nint count) => Add(sum, _targets.AtPartial(i, count), L.LoadPartial(_x + i, count));

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private V Add(V sum, V a, V b)
        {
            V next = L.MultiplyAdd(a, L.Subtract(_log, L.Subtract(b, _maximum)), sum);
            return L.SelectEqualOrNaN(a, L.Create(0f), L.Add(sum, a), next);
        }
    }
}
