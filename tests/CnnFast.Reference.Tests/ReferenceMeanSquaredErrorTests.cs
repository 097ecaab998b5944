namespace CnnFast.Reference.Tests;

public sealed class ReferenceMeanSquaredErrorTests
{
    [Fact]
    public void By_hand()
    {
        double[] dx = new double[3];
        Assert.Equal((1 + 0 + 9) / 3.0, ReferenceMeanSquaredError.Forward([1, 2, -1], [0, 2, 2]), 1e-15);
        ReferenceMeanSquaredError.Backward([1, 2, -1], [0, 2, 2], dx);
        Assert.Equal([2 / 3.0, 0, -2], dx);
    }

    [Fact]
    public void The_gradient_equals_central_differences()
    {
        double[] x = [0.3, -1.2, 0.7, 2.5], targets = [0.1, 0.4, -0.9, 2.5], dx = new double[4];
        ReferenceMeanSquaredError.Backward(x, targets, dx);
        Assert.Empty(GradientCheck.Failures("dx", x, dx, 1e-4, 0, () =>
        {
            double loss = ReferenceMeanSquaredError.Forward(x, targets);
            return (loss, 16 * (loss + 1));
        }));
    }

    [Fact]
    public void Lengths_that_differ_are_refused() => Assert.Equal(
        "ReferenceMeanSquaredError.Forward: targets has 1 elements; expected 2, as many as x.",
        Assert.Throws<ShapeException>(() => ReferenceMeanSquaredError.Forward([1, 2], [1])).Message);
}
