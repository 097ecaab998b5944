using System.Globalization;

namespace CnnFast.Reference.Tests;

/// <summary>
/// Holds an analytic gradient against central differences (J(p+h) − J(p−h)) / 2h in double, element by element. Their error is the rounding
/// of J divided by h, plus h²/6 · J''' (nothing where J is linear in p within the step).
/// </summary>
internal static class GradientCheck
{
    private const double Roundoff = 1.0 / (1L << 53);

    /// <summary>The elements whose difference is above the error of a central difference.</summary>
    /// <param name="what">The gradient's name, for the messages.</param>
    /// <param name="parameter">The point; moved and restored.</param>
    /// <param name="gradient">The gradient under test.</param>
    /// <param name="step">h.</param>
    /// <param name="thirdDerivative">A bound of |J'''|; 0 where J is linear.</param>
    /// <param name="loss">J at the current point, and the sum of the absolute values of its terms times their number,
    /// which bounds its rounding.</param>
    public static IEnumerable<string> Failures(string what, double[] parameter, double[] gradient, double step, double thirdDerivative,
        Func<(double Value, double Rounding)> loss)
    {
        Assert.Equal(parameter.Length, gradient.Length);
        for (int i = 0; i < parameter.Length; i++)
        {
            double at = parameter[i];
            parameter[i] = at + step;
            (double plus, double rounding) = loss();
            parameter[i] = at - step;
            (double minus, _) = loss();
            parameter[i] = at;

            double difference = (plus - minus) / (2 * step);
            double tolerance = (4 * Roundoff * rounding / step) + (step * step * thirdDerivative / 6);
            if (!(Math.Abs(difference - gradient[i]) <= tolerance))
                yield return string.Create(CultureInfo.InvariantCulture,
                    $"{what}[{i}]: gradient {gradient[i]:R}, central difference {difference:R}, apart by more than {tolerance:G3}");
        }
    }

    /// <summary>J = Σ weights · values: the loss whose gradient with respect to the values is the weights.</summary>
    public static (double Value, double Rounding) Weighted(ReadOnlySpan<double> weights, ReadOnlySpan<double> values,
        long termsOfAValue = 1)
    {
        double sum = 0;
        double magnitude = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += weights[i] * values[i];
            magnitude += Math.Abs(weights[i]) * (Math.Abs(values[i]) + termsOfAValue);
        }

        return (sum, magnitude * (values.Length + termsOfAValue));
    }

    /// <summary>Fails with every failing element.</summary>
    public static void AssertNone(IReadOnlyList<string> failures, int checks)
    {
        Assert.True(checks > 0, "nothing was checked");
        Assert.True(failures.Count == 0,
            $"{failures.Count} of {checks} elements:{Environment.NewLine}{string.Join(Environment.NewLine, failures.Take(50))}");
    }
}
