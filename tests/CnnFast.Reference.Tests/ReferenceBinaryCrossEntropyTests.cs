namespace CnnFast.Reference.Tests;

public sealed class ReferenceBinaryCrossEntropyTests
{
    [Fact]
    public void By_hand()
    {
        double[] dx = new double[2];
        double z = Math.Log(3);

        // σ(0) = 1/2 and σ(ln 3) = 3/4: −log ½ and −¼·log ¾ − ¾·log ¼.
        Assert.Equal((Math.Log(2) - (0.25 * Math.Log(0.75)) - (0.75 * Math.Log(0.25))) / 2,
            ReferenceBinaryCrossEntropy.Forward([0, z], [1, 0.25]), 1e-15);
        ReferenceBinaryCrossEntropy.Backward([0, z], [1, 0.25], dx);
        Assert.Equal(-0.25, dx[0], 1e-15);
        Assert.Equal(0.25, dx[1], 1e-15);
    }

    [Fact]
    public void Large_logits_stay_finite()
    {
        Assert.Equal(1000, ReferenceBinaryCrossEntropy.Forward([1000], [0]));
        Assert.Equal(1000, ReferenceBinaryCrossEntropy.Forward([-1000], [1]));
        Assert.Equal(0, ReferenceBinaryCrossEntropy.Forward([1000, -1000], [1, 0]));
        Assert.Equal(Math.Exp(-30), ReferenceBinaryCrossEntropy.Forward([30], [1]), 1e-26);
    }

    [Fact]
    public void The_gradient_equals_central_differences()
    {
        double[] x = [0.3, -1.2, 4, -7.5], targets = [0, 1, 0.5, 0.1], dx = new double[4];
        ReferenceBinaryCrossEntropy.Backward(x, targets, dx);
        Assert.Empty(GradientCheck.Failures("dx", x, dx, 1e-4, 0.13, () =>
        {
            double loss = ReferenceBinaryCrossEntropy.Forward(x, targets);
            return (loss, 16 * (loss + 10));
        }));
    }
}
