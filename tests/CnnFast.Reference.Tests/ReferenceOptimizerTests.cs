namespace CnnFast.Reference.Tests;

public sealed class ReferenceOptimizerTests
{
    [Fact]
    public void Two_steps_of_descent_with_momentum_and_decay_by_hand()
    {
        double[] w = [1], v = [0.2];
        // g' = 0.5 + 0.01·1 = 0.51; v = 0.9·0.2 + 0.51 = 0.69; w = 1 − 0.069.
        ReferenceSgd.Step(w, [0.5], v, learningRate: 0.1, momentum: 0.9, l2: 0.01);
        Assert.Equal(0.69, v[0], 1e-15);
        Assert.Equal(0.931, w[0], 1e-15);
        // g' = 0.5 + 0.00931 = 0.50931; v = 0.621 + 0.50931 = 1.13031; w = 0.931 − 0.113031.
        ReferenceSgd.Step(w, [0.5], v, learningRate: 0.1, momentum: 0.9, l2: 0.01);
        Assert.Equal(1.13031, v[0], 1e-15);
        Assert.Equal(0.817969, w[0], 1e-15);
    }

    [Fact]
    public void Descent_without_momentum_forgets_its_velocity()
    {
        double[] w = [1, -2], v = [100, 100];
        ReferenceSgd.Step(w, [4, -8], v, learningRate: 0.25, momentum: 0, l2: 0);
        Assert.Equal([0, 0], w);
        Assert.Equal([4, -8], v);
    }

    [Fact]
    public void Two_steps_of_Adam_by_hand()
    {
        double[] w = [1], m = [0], v = [0];
        // m = 0.05, v = 0.00025; unbiased 0.5 and 0.25; w = 1 − 0.1·0.5 / (0.5 + 0.5).
        ReferenceAdam.Step(w, [0.5], m, v, step: 1, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0.5, l2: 0);
        Assert.Equal(0.05, m[0], 1e-16);
        Assert.Equal(0.00025, v[0], 1e-16);
        Assert.Equal(0.95, w[0], 1e-13);
        // m = 0.045 − 0.05 = −0.005, v = 0.00024975 + 0.00025 = 0.00049975; unbiased −0.005/0.19 and 0.00049975/0.001999 = 0.25; w = 0.95 +
        // 0.1·(0.005/0.19) / (0.5 + 0.5).
        ReferenceAdam.Step(w, [-0.5], m, v, step: 2, learningRate: 0.1, beta1: 0.9, beta2: 0.999, epsilon: 0.5, l2: 0);
        Assert.Equal(-0.005, m[0], 1e-16);
        Assert.Equal(0.00049975, v[0], 1e-16);
        Assert.Equal(0.95 + (0.0005 / 0.19), w[0], 1e-13);
    }

    [Fact]
    public void The_first_step_of_Adam_is_the_learning_rate_whatever_the_gradient()
    {
        double[] w = [0, 0, 0], m = new double[3], v = new double[3];
        ReferenceAdam.Step(w, [1e-6, -3, 1e6], m, v, step: 1, learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 0, l2: 0);
        Assert.Equal(-0.001, w[0], 1e-15);
        Assert.Equal(0.001, w[1], 1e-15);
        Assert.Equal(-0.001, w[2], 1e-15);
    }

    [Fact]
    public void Decay_is_the_gradient_of_half_lambda_times_the_squared_weights()
    {
        const double L2 = 0.3, Step = 0.5;
        double[] weights = [-1.5, 0, 0.25, 2];
        // (λ/2·(w+h)² − λ/2·(w−h)²) / 2h is exact for a square.
        double[] differences = Array.ConvertAll(weights, w => (Half(w + Step) - Half(w - Step)) / (2 * Step));
        double[] sgd = [.. weights], velocity = new double[4], adam = [.. weights], m = new double[4], v = new double[4];
        ReferenceSgd.Step(sgd, new double[4], velocity, learningRate: 1, momentum: 0.9, L2);
        ReferenceAdam.Step(adam, new double[4], m, v, step: 1, learningRate: 1, beta1: 0.5, beta2: 0.75, epsilon: 1e-8, L2);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(differences[i], velocity[i], 1e-15);
            Assert.Equal(differences[i] / 2, m[i], 1e-15);
            Assert.Equal(differences[i] * differences[i] / 4, v[i], 1e-15);
        }

        static double Half(double w) => L2 / 2 * w * w;
    }

    [Fact]
    public void Both_optimizers_reach_the_minimum_of_a_bowl()
    {
        // J = Σ c·(w − t)²/2, curvatures a hundredfold apart.
        double[] target = [3, -1], curvature = [1, 0.01];
        double[] sgd = [0, 0], velocity = new double[2], adam = [0, 0], m = new double[2], v = new double[2];
        for (int step = 1; step <= 4000; step++)
        {
            ReferenceSgd.Step(sgd, Gradient(sgd), velocity, learningRate: 0.1, momentum: 0.9, l2: 0);
            ReferenceAdam.Step(adam, Gradient(adam), m, v, step, learningRate: 0.02, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, l2: 0);
        }

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(target[i], sgd[i], 1e-6);
            Assert.Equal(target[i], adam[i], 1e-6);
        }

        double[] Gradient(double[] w) => [curvature[0] * (w[0] - target[0]), curvature[1] * (w[1] - target[1])];
    }

    [Fact]
    public void Bad_arguments_are_one_sentence()
    {
        double[] three = new double[3], two = new double[2];
        AssertShape("ReferenceSgd.Step: gradient has 2 elements; expected 3, as many as weights.",
            () => ReferenceSgd.Step(three, two, three, 1, 0, 0));
        AssertShape("ReferenceSgd.Step: velocity has 2 elements; expected 3, as many as weights.",
            () => ReferenceSgd.Step(three, three, two, 1, 0, 0));
        AssertShape("ReferenceAdam.Step: gradient has 2 elements; expected 3, as many as weights.",
            () => ReferenceAdam.Step(three, two, three, three, 1, 1, 0.9, 0.99, 1, 0));
        AssertShape("ReferenceAdam.Step: m has 2 elements; expected 3, as many as weights.",
            () => ReferenceAdam.Step(three, three, two, three, 1, 1, 0.9, 0.99, 1, 0));
        AssertShape("ReferenceAdam.Step: v has 2 elements; expected 3, as many as weights.",
            () => ReferenceAdam.Step(three, three, three, two, 1, 1, 0.9, 0.99, 1, 0));
        var step = Assert.Throws<ArgumentOutOfRangeException>(() => ReferenceAdam.Step(three, three, three, three, 0, 1, 0.9, 0.99, 1, 0));
        Assert.StartsWith("ReferenceAdam.Step: step is 0; expected 1 for the first step.", step.Message);
    }

    private static void AssertShape(string message, Action call) => Assert.Equal(message, Assert.Throws<ShapeException>(call).Message);

    [Fact]
    public void AdamW_decays_the_weight_by_itself_and_then_takes_the_step_of_Adam()
    {
        double[] weight = [2], m = [0], v = [0];
        ReferenceAdamW.Step(weight, [0.5], m, v, 1, 0.1, 0.9, 0.999, 1e-8, 0.2);

        // 2·(1 − 0.1·0.2) = 1.96; the first step of Adam is the learning rate: m̂/√v̂ = 0.5/0.5.
        Assert.Equal(1.86, weight[0], 1e-7);
        Assert.Equal(0.05, m[0], 1e-12);
        Assert.Equal(0.00025, v[0], 1e-12);
    }

    [Fact]
    public void Dampening_and_Nesterov_by_hand()
    {
        // v = 0.5·2 + (1 − 0.25)·4 = 4; w = 1 − 0.1·4. With Nesterov v = 0.5·2 + 4 = 5 and the step is 4 + 0.5·5 = 6.5.
        double[] w = [1], v = [2];
        ReferenceSgd.Step(w, [4], v, learningRate: 0.1, momentum: 0.5, l2: 0, dampening: 0.25);
        Assert.Equal((4, 0.6), (v[0], Math.Round(w[0], 12)));
        (w, v) = ([1], [2]);
        ReferenceSgd.Step(w, [4], v, learningRate: 0.1, momentum: 0.5, l2: 0, nesterov: true);
        Assert.Equal((5, 0.35), (v[0], Math.Round(w[0], 12)));
    }

    [Fact]
    public void AmsGrad_divides_by_the_largest_second_moment()
    {
        // v = 0.5·2 + 0.5·4 = 3, corrected 3/0.75 = 4; with the largest, 12, 16: w = 1 − 0.1·m̂/4 with m = 0.5·1 + 0.5·2 = 1.5, m̂ = 2.
        double[] w = [1], m = [1], v = [2], largest = [12];
        ReferenceAdam.Step(w, [2], m, v, step: 2, learningRate: 0.1, beta1: 0.5, beta2: 0.5, epsilon: 0, l2: 0, largest);
        Assert.Equal((3, 12, 0.95), (v[0], largest[0], Math.Round(w[0], 12)));
        (w, m, v, largest) = ([1], [1], [2], [1]);
        ReferenceAdamW.Step(w, [2], m, v, step: 2, learningRate: 0.1, beta1: 0.5, beta2: 0.5, epsilon: 0, weightDecay: 1, largest);
        Assert.Equal((3, 0.8), (largest[0], Math.Round(w[0], 12)));
    }

    [Fact]
    public void RmsProp_by_hand()
    {
        // g' = 3 + 1·1 = 4; s = 0.75·0 + 0.25·16 = 4; v = 0.5·2 + 4/(2 + 2) = 2; w = 1 − 0.1·2.
        double[] w = [1], s = [0], v = [2];
        ReferenceRmsProp.Step(w, [3], s, v, [], learningRate: 0.1, alpha: 0.75, epsilon: 2, momentum: 0.5, l2: 1);
        Assert.Equal((4, 2, 0.8), (s[0], v[0], w[0]));

        // Centered: s = 0.5·2 + 0.5·4 = 3, m = 0.5·√2·… with m = 0: 1; √(3 − 1) = √2.
        double[] mean = [0];
        (w, s, v) = ([1], [2], [0]);
        ReferenceRmsProp.Step(w, [2], s, v, mean, learningRate: 1, alpha: 0.5, epsilon: 0, momentum: 0, l2: 0);
        Assert.Equal((3, 1), (s[0], mean[0]));
        Assert.Equal(1 - Math.Sqrt(2), w[0], 1e-15);
    }

    [Fact]
    public void Adagrad_by_hand()
    {
        // The third step: rate 0.3 / (1 + 2·0.25) = 0.2; s = 7 + 9 = 16; w = 1 − 0.2·3 / (4 + 1).
        double[] w = [1], sum = [7];
        ReferenceAdagrad.Step(w, [3], sum, step: 3, learningRate: 0.3, learningRateDecay: 0.25, epsilon: 1, l2: 0);
        Assert.Equal(16, sum[0]);
        Assert.Equal(0.88, w[0], 1e-15);
    }

    [Fact]
    public void Lion_by_hand()
    {
        // 0.5·m + 0.5·g = −1, 0, 0.5: w = 0.9·w ± 0.1; m = 0.75·m + 0.25·g.
        double[] w = [1, 1, 1], m = [-4, 2, 0];
        ReferenceLion.Step(w, [2, -2, 1], m, learningRate: 0.1, beta1: 0.5, beta2: 0.75, weightDecay: 1);
        Assert.Equal([1, 0.9, 0.8], w.Select(value => Math.Round(value, 12)));
        Assert.Equal([-2.5, 1, 0.25], m);
    }

    [Fact]
    public void A_weight_average_by_hand()
    {
        double[] average = [1, -2];
        ReferenceWeightAverage.Step(average, [5, -2], decay: 0.75);
        Assert.Equal([2, -2], average);
        AssertShape("ReferenceWeightAverage.Step: weights has 1 elements; expected 2, as many as average.",
            () => ReferenceWeightAverage.Step(average, [1], 0.5));
    }
}
