using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>One softmax to test, with seeded logits and targets and what the reference makes of them.</summary>
internal sealed class SoftmaxCase
{
    private readonly float _spread;
    private readonly double[] _spreads;
    private readonly double[] _maxima;
    private readonly double[] _logSums;

    public SoftmaxCase(int rows, int classes, float spread)
    {
        Rows = rows;
        Classes = classes;
        _spread = spread;
        int seed = (rows * 5000) + classes;
        Logits = Array.ConvertAll(SeededData.Uniform(rows * classes, seed), v => v * spread);
        Labels = SeededData.Integers(rows, classes, seed + 1);
        Targets = Array.ConvertAll(SeededData.Uniform(rows * classes, seed + 2), v => v < -0.5f ? 0f : v);

        _spreads = new double[rows];
        _maxima = new double[rows];
        _logSums = new double[rows];
        Probabilities = ExpectProbabilities();
    }

    public int Rows { get; }

    public int Classes { get; }

    public float[] Logits { get; }

    public int[] Labels { get; }

    /// <summary>Targets of both signs, about a quarter of them 0, whose rows have any sum.</summary>
    public float[] Targets { get; }

    /// <summary>
    /// The softmax: an error of u in an exponent x − max becomes a relative error of u·|x − max|, in the
    /// numerator and, weighted, in the sum.
    /// </summary>
    public ExpectedTensor Probabilities { get; }

    public GuardSide Side => Classes % 2 == 0 ? GuardSide.After : GuardSide.Before;

    // Terms of the sum, and the roundings of two exponentials and a division.
    private long Terms => Classes + 8;

    /// <summary>A guarded output that starts as NaN.</summary>
    public GuardedBuffer<float> Output()
    {
        var output = new GuardedBuffer<float>(Logits.Length, Side);
        output.Fill(float.NaN);
        return output;
    }

    /// <summary>The gradient of the sum of the losses against targets, times a factor.</summary>
    public ExpectedTensor ExpectGradient(double[] targets, double[] sizes, double scale)
    {
        var values = new double[Logits.Length];
        var magnitudes = new double[Logits.Length];
        ReferenceSoftmaxCrossEntropy.Backward(Rows, Classes, SeededData.ToDouble(Logits), targets, values);
        for (int row = 0; row < Rows; row++)
        {
            double weight = 0;
            for (int i = row * Classes; i < (row + 1) * Classes; i++)
                weight += sizes[i];
            for (int i = row * Classes; i < (row + 1) * Classes; i++)
            {
                values[i] *= Rows * scale;
                magnitudes[i] = ((Probabilities.Magnitudes[i] * weight) + sizes[i]) * scale;
            }
        }

        return new ExpectedTensor(values, magnitudes, Terms);
    }

    /// <summary>The sum of the losses against targets, as a tensor of one element.</summary>
    public ExpectedTensor ExpectLoss(double[] targets, double[] sizes)
    {
        double loss = Rows * ReferenceSoftmaxCrossEntropy.Forward(Rows, Classes, SeededData.ToDouble(Logits), targets);
        double magnitude = 0;
        for (int i = 0; i < Logits.Length; i++)
        {
            int row = i / Classes;
            magnitude += sizes[i] * ExpectSizeOfLoss(row, i % Classes);
        }

        return new ExpectedTensor([loss], [magnitude], Terms);
    }

    /// <summary>What the error of −log of a probability is measured by.</summary>
    public double ExpectSizeOfLoss(int row, int c) =>
        _logSums[row] + Math.Abs(Logits[(row * Classes) + c] - _maxima[row]) + 1 + _spreads[row];

    /// <summary>The sizes on one line.</summary>
    public override string ToString() => $"{Rows} rows, {Classes} classes, logits within {_spread}";

    private ExpectedTensor ExpectProbabilities()
    {
        var values = new double[Logits.Length];
        var magnitudes = new double[Logits.Length];
        ReferenceSoftmax.Forward(Rows, Classes, SeededData.ToDouble(Logits), values);
        for (int row = 0; row < Rows; row++)
        {
            int start = row * Classes;
            double maximum = double.NegativeInfinity;
            for (int c = 0; c < Classes; c++)
                maximum = Math.Max(maximum, Logits[start + c]);
            double sum = 0;
            double spread = 0;
            for (int c = 0; c < Classes; c++)
            {
                sum += Math.Exp(Logits[start + c] - maximum);
                spread += values[start + c] * Math.Abs(Logits[start + c] - maximum);
            }

            (_maxima[row], _logSums[row], _spreads[row]) = (maximum, Math.Log(sum), spread);
            for (int c = 0; c < Classes; c++)
                magnitudes[start + c] = values[start + c] * (1 + Math.Abs(Logits[start + c] - maximum) + spread);
        }

        return new ExpectedTensor(values, magnitudes, Terms);
    }
}
