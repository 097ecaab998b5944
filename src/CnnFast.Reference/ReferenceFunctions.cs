namespace CnnFast.Reference;

/// <summary>
/// The reference of every function of single elements that kernels have, one entry each under its name, with constants that the sweeps use.
/// </summary>
internal static class ReferenceFunctions
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ReferenceFunction> All { get; } =
    [
        new("ReLU", (_, x, y) => ReferenceReLU.Forward(x, y), (_, x, dy, dx) => ReferenceReLU.Backward(x, dy, dx), 1, 0, 0)
        {
            IsExact = true,
            Kinks = _ => [0],
        },
        new("ReLU6", (_, x, y) => ReferenceActivation.Clip(x, y, 0, 6),
            (_, x, dy, dx) => ReferenceActivationGradient.Clip(x, dy, dx, 0, 6), 1, 0, 0)
        {
            IsExact = true,
            Kinks = _ => [0, 6],
        },
        new(
            "Clip",
            (e, x, y) => ReferenceActivation.Clip(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.Clip(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            Alpha = -0.75f,
            Beta = 1.25f,
            IsExact = true,
            Kinks = e => [e.Alpha, e.Beta],
        },
        new(
            "LeakyReLU",
            (e, x, y) => ReferenceActivation.LeakyReLU(x, y, e.Alpha),
            (e, x, dy, dx) => ReferenceActivationGradient.LeakyReLU(x, dy, dx, e.Alpha),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            Alpha = 0.1f,
            GrowsWithAlpha = true,
            IsExact = true,
            Kinks = _ => [0],
        },
        new(
            "FlooredLeakyReLU",
            (e, x, y) => ReferenceActivation.FlooredLeakyReLU(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.FlooredLeakyReLU(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            Alpha = 0.2f,
            GrowsWithAlpha = true,
            Beta = -0.3f,
            Kinks = e => [0, e.Beta / (double)e.Alpha, e.Beta],
        },
        new(
            "SiLU",
            (_, x, y) => ReferenceActivation.SiLU(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.SiLU(x, dy, dx),
            Slope: 1.1, Curvature: 0.5, ThirdDerivative: 0.8)
        {
            SlopeTerms = x => double.IsInfinity(x) ? 1 : 1 / (1 + Math.Exp(-x)) * (1 + (Math.Abs(x) / (1 + Math.Exp(x)))),
        },
        new(
            "HardSwish",
            (_, x, y) => ReferenceActivation.HardSwish(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.HardSwish(x, dy, dx),
            Slope: 1.5, Curvature: 0.34, ThirdDerivative: 0.01)
        {
            SlopeTerms = x => Math.Abs(x) < 3 ? (Math.Abs(x) / 3) + 0.5 : 1,
            Kinks = _ => [-3, 3],
        },
        new(
            "Sigmoid",
            (_, x, y) => ReferenceActivation.Sigmoid(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.Sigmoid(x, dy, dx),
            Slope: 0.25, Curvature: 1, ThirdDerivative: 0.2)
        {
            SlopeAtResult = (_, y) => y * (1 - y),
        },
        new(
            "HardSigmoid",
            (e, x, y) => ReferenceActivation.HardSigmoid(x, y, e.Alpha, e.Beta),
            (e, x, dy, dx) => ReferenceActivationGradient.HardSigmoid(x, dy, dx, e.Alpha, e.Beta),
            Slope: 1, Curvature: 0, ThirdDerivative: 0)
        {
            Alpha = 0.2f,
            GrowsWithAlpha = true,
            Beta = 0.5f,
            Terms = (e, x) => Math.Min(Math.Abs((double)e.Alpha * x) + Math.Abs(e.Beta), 2),
            SlopeAtResult = (e, y) => y > 0 && y < 1 ? e.Alpha : 0,
            Kinks = e => [-e.Beta / (double)e.Alpha, (1 - (double)e.Beta) / e.Alpha],
        },
        new(
            "Tanh",
            (_, x, y) => ReferenceActivation.Tanh(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.Tanh(x, dy, dx),
            Slope: 1, Curvature: 2, ThirdDerivative: 2.1)
        {
            SlopeAtResult = (_, y) => 1 - (y * y),
        },
        new(
            "ErrorFunction",
            (_, x, y) => ReferenceActivation.ErrorFunction(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.ErrorFunction(x, dy, dx),
            Slope: 1.13, Curvature: 1, ThirdDerivative: 2.3)
        {
            SlopeTerms = x => Bell(x, 1.13, 1),
        },
        new(
            "GELU",
            (_, x, y) => ReferenceActivation.GELU(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.GELU(x, dy, dx),
            Slope: 1.13, Curvature: 0.8, ThirdDerivative: 1)
        {
            Terms = (_, x) => Math.Abs(x),
            SlopeTerms = x => 1 + (Math.Min(Math.Abs(x), 16) * Bell(x, 0.4, 0.5)),
        },
        new(
            "GELUTanh",
            (_, x, y) => ReferenceActivation.GELUTanh(x, y),
            (_, x, dy, dx) => ReferenceActivationGradient.GELUTanh(x, dy, dx),
            Slope: 1.13, Curvature: 0.8, ThirdDerivative: 1)
        {
            Terms = (_, x) => Math.Abs(x),
            SlopeTerms = x => 1 + (Math.Min(Math.Abs(x), 16) * Bell(x, 0.4, 0.5)),
        },
        new(
            "ELU",
            (e, x, y) => ReferenceELU.Forward(x, y, e.Alpha),
            (e, x, dy, dx) => ReferenceELU.Backward(x, dy, dx, e.Alpha),
            Slope: 1, Curvature: 1, ThirdDerivative: 1)
        {
            Alpha = 0.7f,
            GrowsWithAlpha = true,
            Kinks = e => e.Alpha == 1 ? [] : [0],
        },
        new(
            "Softplus",
            (_, x, y) => ReferenceSoftplus.Forward(x, y),
            (_, x, dy, dx) => ReferenceSoftplus.Backward(x, dy, dx),
            Slope: 1, Curvature: 0.25, ThirdDerivative: 0.2),
        new(
            "Mish",
            (_, x, y) => ReferenceMish.Forward(x, y),
            (_, x, dy, dx) => ReferenceMish.Backward(x, dy, dx),
            Slope: 1.1, Curvature: 0.7, ThirdDerivative: 1)
        {
            SlopeTerms = x => Math.Abs(x) > 100 ? 1 : Math.Tanh(Math.Log(1 + Math.Exp(x))) + (Math.Abs(x) / Math.Cosh(x)),
        },
    ];

    /// <summary>The reference of a function with these constants.</summary>
    /// <exception cref="InvalidOperationException">There is none of the name.</exception>
    public static ReferenceFunction Of(string name, float alpha = 0, float beta = 0) =>
        All.First(function => function.Name == name) with { Alpha = alpha, Beta = beta };

    // height·e^(−exponent·x²): rounding x² moves it by exponent·x² units.
    private static double Bell(double x, double height, double exponent) =>
        Math.Abs(x) > 16 ? 0 : height * Math.Exp(-exponent * x * x) * (1 + (exponent * x * x));
}
