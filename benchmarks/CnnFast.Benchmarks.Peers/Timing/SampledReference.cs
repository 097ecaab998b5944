namespace CnnFast.Benchmarks.Peers;

/// <summary>
/// Chosen elements of a pass by its definition, in double: what every engine's result is held against. All elements of a small result, else
/// the corners and a seeded choice.
/// </summary>
internal sealed class SampledReference
{
    private const int Samples = 160;

    // Of the sum of |term|, in units of float rounding: far above any summation order and any Winograd form, far below one missing term.
    private const double Units = 32;

    private readonly string _what;
    private readonly int[] _indices;
    private readonly double[] _expected;
    private readonly double[] _bounds;

    public SampledReference(ConvolutionData data, ConvolutionPass pass)
    {
        int length = data.ResultLength(pass);
        _what = $"{data.Name} {pass.Name()}";
        _indices = Choose(length);
        _expected = new double[_indices.Length];
        _bounds = new double[_indices.Length];
        Parallel.For(0, _indices.Length, i =>
        {
            (double sum, double magnitude) = pass switch
            {
                ConvolutionPass.BackwardData => BackwardData(data, _indices[i]),
                ConvolutionPass.BackwardFilter => BackwardFilter(data, _indices[i]),
                _ => Forward(data, _indices[i]),
            };
            _expected[i] = sum;
            _bounds[i] = Units * Math.ScaleB(magnitude, -24);
        });
    }

    /// <summary>Holds a result against the sampled elements.</summary>
    /// <param name="result">The whole result, in this library's layout.</param>
    /// <returns>A sentence about the worst wrong element, or null where all are right.</returns>
    public string? Check(ReadOnlySpan<float> result)
    {
        double worst = 0;
        string? sentence = null;
        for (int i = 0; i < _indices.Length; i++)
        {
            double error = Math.Abs(result[_indices[i]] - _expected[i]);
            double excess = double.IsFinite(error) ? error / _bounds[i] : double.PositiveInfinity;
            if (excess <= 1 || excess <= worst)
                continue;
            worst = excess;
            sentence = FormattableString.Invariant(
                $"{_what}: element {_indices[i]} is {result[_indices[i]]:G9}, expected {_expected[i]:G9} ± {_bounds[i]:G3}");
        }

        return sentence;
    }

    private static int[] Choose(int length)
    {
        if (length <= Samples)
            return [.. Enumerable.Range(0, length)];
        var random = new Random(5);
        var chosen = new SortedSet<int> { 0, length - 1 };
        while (chosen.Count < Samples)
            chosen.Add(random.Next(length));
        return [.. chosen];
    }

    private static (double Sum, double Magnitude) Forward(ConvolutionData data, int index)
    {
        Conv2DGeometry g = data.Geometry;
        (int m, int i, int j, int k) = Split(index, g.OH, g.OW, g.OC);
        double sum = data.Bias.Span[k], magnitude = Math.Abs(sum);
        for (int a = 0; a < g.KH; a++)
        for (int b = 0; b < g.KW; b++)
        {
            int row = (i * g.StrideH) + (a * g.DilationH) - g.PadTop, column = (j * g.StrideW) + (b * g.DilationW) - g.PadLeft;
            if ((uint)row >= (uint)g.H || (uint)column >= (uint)g.W)
                continue;
            for (int c = 0; c < g.GroupC; c++)
                Add(data.X.Span[Join(m, row, column, (k / g.GroupOC * g.GroupC) + c, g.H, g.W, g.C)],
                    data.Filter.Span[Join(a, b, c, k, g.KW, g.GroupC, g.OC)], ref sum, ref magnitude);
        }

        return (sum, magnitude);
    }

    private static (double Sum, double Magnitude) BackwardData(ConvolutionData data, int index)
    {
        Conv2DGeometry g = data.Geometry;
        (int m, int row, int column, int c) = Split(index, g.H, g.W, g.C);
        int group = c / g.GroupC;
        double sum = 0, magnitude = 0;
        for (int a = 0; a < g.KH; a++)
        for (int b = 0; b < g.KW; b++)
        {
            int i = row + g.PadTop - (a * g.DilationH), j = column + g.PadLeft - (b * g.DilationW);
            if (i < 0 || j < 0 || i % g.StrideH != 0 || j % g.StrideW != 0 || i / g.StrideH >= g.OH || j / g.StrideW >= g.OW)
                continue;
            for (int k = group * g.GroupOC; k < (group + 1) * g.GroupOC; k++)
                Add(data.Dy.Span[Join(m, i / g.StrideH, j / g.StrideW, k, g.OH, g.OW, g.OC)],
                    data.Filter.Span[Join(a, b, c % g.GroupC, k, g.KW, g.GroupC, g.OC)], ref sum, ref magnitude);
        }

        return (sum, magnitude);
    }

    private static (double Sum, double Magnitude) BackwardFilter(ConvolutionData data, int index)
    {
        Conv2DGeometry g = data.Geometry;
        (int a, int b, int c, int k) = Split(index, g.KW, g.GroupC, g.OC);
        double sum = 0, magnitude = 0;
        for (int m = 0; m < g.N; m++)
        for (int i = 0; i < g.OH; i++)
        for (int j = 0; j < g.OW; j++)
        {
            int row = (i * g.StrideH) + (a * g.DilationH) - g.PadTop, column = (j * g.StrideW) + (b * g.DilationW) - g.PadLeft;
            if ((uint)row < (uint)g.H && (uint)column < (uint)g.W)
                Add(data.X.Span[Join(m, row, column, (k / g.GroupOC * g.GroupC) + c, g.H, g.W, g.C)],
                    data.Dy.Span[Join(m, i, j, k, g.OH, g.OW, g.OC)], ref sum, ref magnitude);
        }

        return (sum, magnitude);
    }

    private static void Add(float left, float right, ref double sum, ref double magnitude)
    {
        double term = (double)left * right;
        sum += term;
        magnitude += Math.Abs(term);
    }

    private static (int A, int B, int C, int D) Split(int index, int b, int c, int d) =>
        (index / d / c / b, index / d / c % b, index / d % c, index % d);

    private static int Join(int i, int j, int k, int l, int b, int c, int d) => (((((i * b) + j) * c) + k) * d) + l;
}
