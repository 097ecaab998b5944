using CnnFast.Data;

namespace CnnFast.Training;

/// <summary>
/// Trains a model: gradients of the loss are averaged over the batch. It changes the model's own parameters, so the model
/// is not to be run or saved by others while <see cref="Fit"/> is under way (sessions made before keep their weights and are not touched).
/// A further Fit goes on where the last one ended: the optimizer keeps its memory, the schedule its place, and the orders and random
/// changes of the samples are those of the next epochs. One Fit at a time.
/// </summary>
public sealed class Trainer
{
    private readonly TrainerState _state;
    private bool _running;

    /// <summary>Prepares the training of a model.</summary>
    /// <param name="model">
    /// The model. Where the loss reads logits, a Softmax or Sigmoid at its end is left to the loss, with Flatten or Dropout after that.
    /// </param>
    /// <param name="optimizer">How gradients change the weights.</param>
    /// <param name="loss">
    /// What becomes small; null, the default, chooses by the end of the model: <see cref="SoftmaxCrossEntropy"/> after Softmax, and for
    /// labels also where the model ends without an activation; <see cref="BinaryCrossEntropy"/> after Sigmoid. Of a model with several
    /// outputs, null means one such loss for each.
    /// </param>
    /// <param name="groups">Parameters that the optimizer treats in a way of their own; null for none.</param>
    /// <exception cref="NotSupportedException">
    /// The output depends on a parameter that is <see cref="Parameter.Trainable"/> through operations without gradient alone, such as a
    /// rounding in an imported model; the message names one. Freeze what is not to be trained before the trainer is created.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// The loss does not belong to the end of the model, or none was given and the end does not say which; the optimizer names two tensors
    /// alike; or a group fits no parameter, or none that no earlier group has.
    /// </exception>
    public Trainer(Model model, Optimizer optimizer, ILoss? loss = null, IReadOnlyList<ParameterGroup>? groups = null)
        : this(new ModelLosses("Trainer", Given.NotNull(model), loss), Given.NotNull(optimizer), groups)
    {
    }

    /// <summary>Prepares the training of a model with several losses, whose weighted sum becomes small.</summary>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">How gradients change the weights.</param>
    /// <param name="losses">The losses: which output, which target of the data set, which weight; at least one.</param>
    /// <param name="groups">Parameters that the optimizer treats in a way of their own; null for none.</param>
    /// <exception cref="NotSupportedException">As for one loss.</exception>
    /// <exception cref="ArgumentException">As for one loss, or a term names an output that is not there.</exception>
    public Trainer(Model model, Optimizer optimizer, IReadOnlyList<LossTerm> losses, IReadOnlyList<ParameterGroup>? groups = null)
        : this(new ModelLosses("Trainer", Given.NotNull(model), Given.NotNull(losses)), Given.NotNull(optimizer), groups)
    {
    }

    private Trainer(ModelLosses losses, Optimizer optimizer, IReadOnlyList<ParameterGroup>? groups)
    {
        FitChecks.RequireGradients("Trainer", losses.Graph);
        _state = new TrainerState(losses, new OptimizerState(optimizer, losses.Model.Parameters, groups));
    }

    /// <summary>The model.</summary>
    public Model Model => _state.Losses.Model;

    /// <summary>The optimizer.</summary>
    public Optimizer Optimizer => _state.Optimizer.Optimizer;

    /// <summary>The loss; of several, the first.</summary>
    public ILoss Loss => _state.Losses.Losses[0];

    /// <summary>Steps that changed the weights so far.</summary>
    public long Steps => _state.Optimizer.Steps;

    /// <summary>Epochs that were completed so far, by all Fits.</summary>
    public int Epochs => _state.Optimizer.Epochs;

    /// <summary>
    /// Whether the last Fit was interrupted: cancelled, ended by an exception, or saved in its midst as the checkpoint that was loaded.
    /// <see cref="Resume"/> goes on with it.
    /// </summary>
    public bool IsInterrupted => _state.Position.IsOpen;

    /// <summary>Trains on a data set.</summary>
    /// <param name="data">The samples: images or others, with targets that fit the losses.</param>
    /// <param name="options">Epochs, batch, validation, seed and the rest.</param>
    /// <param name="progress">Told after every batch; the last report of an epoch holds its result.</param>
    /// <param name="cancellationToken">
    /// Ends the training within one step: no exception, but a result whose <see cref="FitResult.Cancelled"/> is true; the model holds the
    /// weights of the last completed step and can be used, saved and trained on.
    /// </param>
    /// <returns>What it came to.</returns>
    /// <exception cref="ShapeException">Samples or targets do not fit the model or the loss.</exception>
    /// <exception cref="ArgumentException">An option is out of range, options contradict each other, a metric applies to no output, the
    /// model has nothing to train, or no sample of an epoch counts.</exception>
    /// <exception cref="NotSupportedException">As for the constructor, where a parameter that was frozen when the trainer was
    /// created is not any more.</exception>
    /// <exception cref="DataFormatException">The file of an imported model, which its weights are read from, has become shorter or was
    /// written over since it was opened; or a picture of the data set cannot be read.</exception>
    /// <exception cref="IOException">The file of an imported model cannot be read any more, or a checkpoint cannot be written.</exception>
    /// <exception cref="NotFiniteNumberException">A loss, a gradient, a statistic of a batch or a weight is infinite or NaN; the message
    /// names the layer, and but for the last the weights are those before that step.</exception>
    /// <exception cref="InvalidOperationException">Another Fit of this trainer is under way, or the schedule gave a factor that is negative
    /// or not finite; the weights are those before that step.</exception>
    public FitResult Fit(IDataset data, FitOptions? options = null, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) => Run(data, options, progress, isResumed: false, cancellationToken);

    /// <summary>
    /// Goes on with the Fit that was interrupted (<see cref="IsInterrupted"/>), at the batch after its last step, to the same bits that it
    /// would have come to. Its epochs count: <see cref="FitOptions.Epochs"/> is the number in all, and the result holds them.
    /// </summary>
    /// <param name="data">The same samples.</param>
    /// <param name="options">
    /// The same options; threads, callbacks, metrics, checkpoints and how long it trains (epochs, early stopping) may be others and, of a
    /// Fit of this trainer that an exception ended, schedule and clipping.
    /// </param>
    /// <param name="progress">Told after every batch.</param>
    /// <param name="cancellationToken">Ends the training within one step.</param>
    /// <returns>What all of the Fit came to.</returns>
    /// <exception cref="InvalidOperationException">No Fit was interrupted, or as for Fit.</exception>
    /// <exception cref="ArgumentException">The number of samples, or an option, the optimizer or a loss that decides the weights, is
    /// another than before, which the message names; or as for Fit.</exception>
    /// <exception cref="ShapeException">As for Fit.</exception>
    /// <exception cref="NotSupportedException">As for Fit.</exception>
    /// <exception cref="DataFormatException">As for Fit.</exception>
    /// <exception cref="IOException">As for Fit.</exception>
    /// <exception cref="NotFiniteNumberException">As for Fit.</exception>
    public FitResult Resume(IDataset data, FitOptions? options = null, IProgress<FitProgress>? progress = null,
        CancellationToken cancellationToken = default) => Run(data, options, progress, isResumed: true, cancellationToken);

    /// <summary>
    /// Writes the whole state of the training: parameters, what the optimizer remembers, moving average and best weights, epoch, batch and
    /// results. An existing file is replaced when the new one is complete. Not to be called while a Fit is under way, which saves by
    /// <see cref="FitOptions.Checkpoints"/>.
    /// </summary>
    /// <param name="path">The file, such as <c>digits.checkpoint</c>.</param>
    /// <exception cref="InvalidOperationException">A Fit of this trainer is under way.</exception>
    /// <exception cref="IOException">The file cannot be written; an old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public void SaveCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Alone(nameof(SaveCheckpoint), () =>
        {
            Checkpoint.Save(_state, path);
            return true;
        });
    }

    /// <summary>
    /// Takes over the state of a training from a file. Where the file does not fit, nothing has changed. Untrusted, as model files are.
    /// </summary>
    /// <param name="path">A file that <see cref="SaveCheckpoint"/> or <see cref="FitOptions.Checkpoints"/> wrote.</param>
    /// <exception cref="DataFormatException">The file is no checkpoint, is damaged, or was written by a newer version.</exception>
    /// <exception cref="ArgumentException">It is of another model, optimizer or number of losses; the message says what
    /// differs.</exception>
    /// <exception cref="InvalidOperationException">A Fit of this trainer is under way.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public void LoadCheckpoint(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        Alone(nameof(LoadCheckpoint), () =>
        {
            Checkpoint.Load(_state, path);
            return true;
        });
    }

    private FitResult Run(IDataset data, FitOptions? options, IProgress<FitProgress>? progress, bool isResumed,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(data);
        options ??= new FitOptions();
        return Alone(isResumed ? nameof(Resume) : nameof(Fit), () =>
        {
            FitChecks.Require(_state.Losses, Model, data, options);
            FitPosition position = _state.Position;
            if (isResumed && !position.IsOpen)
                throw new InvalidOperationException("Trainer.Resume: no Fit was interrupted; expected one, or a checkpoint of one.");
            IReadOnlyList<KeyValuePair<string, string>> description = FitDescription.Of(_state, data, options);
            if (isResumed)
                position.RequireSame(options, data.Count, description);
            if (isResumed && options.RestoreBest && position.BestEpoch >= 0 && _state.Best is null)
                throw new ArgumentException("Trainer.Resume: RestoreBest is True, and the training that is to go on kept no best " +
                    "weights; expected the same options.", nameof(options));
            using var run = new FitRun(_state, data, options, progress);
            return run.Run(isResumed, description, cancellationToken);
        });
    }

    private T Alone<T>(string method, Func<T> run)
    {
        if (Interlocked.Exchange(ref _running, true))
            throw new InvalidOperationException($"Trainer.{method}: another Fit of this trainer is under way; expected one at a time.");
        try
        {
            return run();
        }
        finally
        {
            Volatile.Write(ref _running, false);
        }
    }
}
