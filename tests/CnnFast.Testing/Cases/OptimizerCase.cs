using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>
/// One step of the optimizers to test, with seeded weights and gradients and what the reference makes of them. What is remembered is zero
/// before step 1. The last of five or more weights has rested so far.
/// </summary>
internal sealed class OptimizerCase
{
    public const float Rate = 0.05f;
    public const float Beta1 = 0.9f;
    public const float Beta2 = 0.999f;
    public const float Epsilon = 1e-8f;
    public const float Dampening = 0.25f;

    private readonly float[] _mean;
    private readonly float[] _square;

    public OptimizerCase(int length, int step)
    {
        Length = length;
        Step = step;
        Weights = SeededData.Uniform(length, length);
        Gradient = SeededData.Uniform(length, length + 10_000);
        _mean = step == 1 ? new float[length] : SeededData.Uniform(length, length + 20_000);
        _square = step == 1
            ? new float[length]
            : Array.ConvertAll(SeededData.Uniform(length, length + 30_000), v => (v * v) + 1e-3f);
        for (int i = 0; i < length; i++)
        {
            // A sign that roundings decide has no bound.
            if (Math.Abs((Beta1 * _mean[i]) + ((1 - Beta1) * Gradient[i])) < 1e-4f)
                Gradient[i] = 0.5f - _mean[i];
        }

        if (length >= 5)
            Gradient[^1] = _mean[^1] = 0;
    }

    public int Length { get; }

    public int Step { get; }

    public float[] Weights { get; }

    public float[] Gradient { get; }

    /// <summary>Even lengths decay, odd lengths do not.</summary>
    public float L2 => Length % 2 == 0 ? 0.01f : 0;

    public float Momentum => Step == 1 ? 0 : 0.9f;

    public OptimizerExpectation Sgd() => Descent(Step == 1 ? 0 : Dampening, nesterov: false);

    public OptimizerExpectation Nesterov() => Descent(0, nesterov: true);

    public OptimizerExpectation Adam(float l2, float weightDecay, bool amsGrad)
    {
        double[] w = Doubles(Weights), g = Doubles(Gradient), m = Doubles(_mean), v = Doubles(_square), largest = [];
        float[] past = [.. _square.Select((value, i) => i % 2 == 0 ? 1.5f * value : 0.5f * value)];
        if (amsGrad)
            largest = Doubles(past);
        ReferenceAdamW.Step(w, g, m, v, Step, Rate, Beta1, Beta2, Epsilon, weightDecay, largest);
        if (l2 > 0)
        {
            (w, m, v, largest) = (Doubles(Weights), Doubles(_mean), Doubles(_square), amsGrad ? Doubles(past) : []);
            ReferenceAdam.Step(w, g, m, v, Step, Rate, Beta1, Beta2, Epsilon, l2, largest);
        }

        double[] magnitude = SeededData.ToMagnitude(Weights), mMagnitude = new double[Length], vMagnitude = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double gMagnitude = GradientMagnitude(i, l2);
            mMagnitude[i] = (Beta1 * Math.Abs(_mean[i])) + ((1 - Beta1) * gMagnitude);
            vMagnitude[i] = (Beta2 * _square[i]) + ((1 - Beta2) * gMagnitude * gMagnitude);
            double used = amsGrad ? largest[i] : v[i], correction = 1 - Math.Pow(Beta2, Step);
            magnitude[i] +=
                Rate / (1 - Math.Pow(Beta1, Step)) * Quotient(m[i], mMagnitude[i], used / correction, vMagnitude[i] / correction);
        }

        var states = new List<ExpectedTensor> { new(w, magnitude, 8), new(m, mMagnitude, 4), new(v, vMagnitude, 6) };
        if (amsGrad)
            states.Add(new ExpectedTensor(largest, [.. largest.Zip(vMagnitude, Math.Max)], 6));
        return new OptimizerExpectation(amsGrad ? [_mean, _square, past] : [_mean, _square], [.. states]);
    }

    public OptimizerExpectation RmsProp(bool centered)
    {
        // A mean that fits the mean square.
        float[] past = Array.ConvertAll(_square, value => 0.8f * MathF.Sqrt(value));
        double[] w = Doubles(Weights), g = Doubles(Gradient), square = Doubles(_square), velocity = Doubles(_mean);
        double[] mean = centered ? Doubles(past) : [];
        ReferenceRmsProp.Step(w, g, square, velocity, mean, Rate, Beta1, Epsilon, Momentum, L2);

        double[] magnitude = SeededData.ToMagnitude(Weights), sMagnitude = new double[Length], vMagnitude = new double[Length],
            mMagnitude = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double gMagnitude = GradientMagnitude(i, L2), slope = Gradient[i] + (L2 * (double)Weights[i]);
            sMagnitude[i] = (Beta1 * _square[i]) + ((1 - Beta1) * gMagnitude * gMagnitude);
            mMagnitude[i] = past[i] + ((1 - Beta1) * (gMagnitude + past[i]));
            double divided = square[i], error = sMagnitude[i];
            if (centered)
            {
                divided = Math.Max(square[i] - (mean[i] * mean[i]), 0);
                error += 2 * mMagnitude[i] * mMagnitude[i];
            }

            vMagnitude[i] = (Momentum * Math.Abs(_mean[i])) + Quotient(slope, gMagnitude, divided, error);
            magnitude[i] += Rate * vMagnitude[i];
        }

        var states = new List<ExpectedTensor> { new(w, magnitude, 8), new(square, sMagnitude, 6), new(velocity, vMagnitude, 8) };
        if (centered)
            states.Add(new ExpectedTensor(mean, mMagnitude, 5));
        return new OptimizerExpectation(centered ? [_square, _mean, past] : [_square, _mean], [.. states]);
    }

    public OptimizerExpectation Adagrad()
    {
        double[] w = Doubles(Weights), sum = Doubles(_square);
        ReferenceAdagrad.Step(w, Doubles(Gradient), sum, Step, Rate, 0, Epsilon, L2);
        double[] magnitude = SeededData.ToMagnitude(Weights), sMagnitude = new double[Length];
        for (int i = 0; i < Length; i++)
        {
            double gMagnitude = GradientMagnitude(i, L2), slope = Gradient[i] + (L2 * (double)Weights[i]);
            sMagnitude[i] = _square[i] + (gMagnitude * gMagnitude);
            magnitude[i] += Rate * Quotient(slope, gMagnitude, sum[i], sMagnitude[i]);
        }

        return new OptimizerExpectation([_square], new ExpectedTensor(w, magnitude, 8), new ExpectedTensor(sum, sMagnitude, 6));
    }

    public OptimizerExpectation Lion()
    {
        double[] w = Doubles(Weights), m = Doubles(_mean);
        ReferenceLion.Step(w, Doubles(Gradient), m, Rate, Beta1, Beta2, L2);
        double[] magnitude = Array.ConvertAll(Weights, value => Math.Abs((double)value) + Rate), mMagnitude = new double[Length];
        for (int i = 0; i < Length; i++)
            mMagnitude[i] = (Beta2 * Math.Abs(_mean[i])) + ((1 - Beta2) * Math.Abs(Gradient[i]));
        return new OptimizerExpectation([_mean], new ExpectedTensor(w, magnitude, 4), new ExpectedTensor(m, mMagnitude, 4));
    }

    public OptimizerExpectation WeightAverage()
    {
        double[] average = Doubles(Weights), magnitude = new double[Length];
        ReferenceWeightAverage.Step(average, Doubles(Gradient), Beta1);
        for (int i = 0; i < Length; i++)
            magnitude[i] = Math.Abs(Weights[i]) + ((1 - Beta1) * (Math.Abs(Gradient[i]) + Math.Abs(Weights[i])));
        return new OptimizerExpectation([], new ExpectedTensor(average, magnitude, 3));
    }

    private static double[] Doubles(float[] values) => SeededData.ToDouble(values);

    // How errors of the numerator n and of the square s reach n / (√s + ε), to first order.
    private static double Quotient(double n, double nMagnitude, double s, double sMagnitude)
    {
        double root = Math.Sqrt(s), divisor = root + Epsilon;
        double rootMagnitude = s == 0 ? 0 : root * Math.Max(sMagnitude / s, 1);
        return (nMagnitude / divisor) + (Math.Abs(n) * (rootMagnitude + divisor) / (divisor * divisor));
    }

    private double GradientMagnitude(int i, float l2) => Math.Abs(Gradient[i]) + (l2 * Math.Abs((double)Weights[i]));

    private OptimizerExpectation Descent(float dampening, bool nesterov)
    {
        double[] w = Doubles(Weights), velocity = Doubles(_mean);
        ReferenceSgd.Step(w, Doubles(Gradient), velocity, Rate, Momentum, L2, dampening, nesterov);
        double[] magnitude = SeededData.ToMagnitude(Weights), vMagnitude = SeededData.ToMagnitude(_mean);
        ReferenceSgd.Step(magnitude, SeededData.ToMagnitude(Gradient), vMagnitude, -Rate, Momentum, L2, dampening, nesterov);
        return new OptimizerExpectation([_mean], new ExpectedTensor(w, magnitude, 5), new ExpectedTensor(velocity, vMagnitude, 4));
    }
}
